/** How much a diagnostic matters: a note is no mistake, and a document with nothing else passes. */
export type DiagnosticLevel = 'error' | 'note'

/** Every class of diagnostic: its level, and what it is about. */
export const diagnosticCodes = {
  'missing-dollar': ['error', 'A runtime expression lacks the "$" that it begins with'],
  'plain-template': ['error', 'A name in braces is not a runtime expression'],
  unbalanced: ['error', 'A brace has no partner'],
  'dotted-body': ['error', 'A place in a body is written with dots instead of as a JSON Pointer'],
  'pointer-syntax': ['error', 'A place in a body is not written as a JSON Pointer'],
  'shorthand-parameter': ['error', 'A parameter is named without saying where it is'],
  'unknown-source': ['error', 'A runtime expression reads from a source that OpenAPI does not have'],
  'dollar-outside': ['error', 'The "$" of a runtime expression stands before the brace'],
  'double-brace': ['error', 'A runtime expression stands in two pairs of braces'],
  space: ['error', 'A space is part of the URL or of a runtime expression'],
  'unquoted-key': ['error', 'YAML reads a key that begins with "{" as a mapping unless it is quoted'],
  'bare-expression': ['error', 'A runtime expression beside other text is not in braces'],
  'expression-syntax': ['error', 'A text in braces is not a runtime expression'],
  'not-a-url': ['error', 'A key is neither a runtime expression nor an absolute URL'],
  'url-syntax': ['error', 'A key contains what a URL cannot contain'],
  'expression-in-host': ['note', 'A value of the request decides on the host of a URL'],
  'unknown-parameter': ['error', 'An expression names a parameter or header that its operation does not have'],
  'unknown-pointer': ['error', 'An expression names a place that the schema of its body does not have'],
  'no-body': ['error', 'An expression reads a body that its operation does not have'],
  'wrong-type': ['error', 'The value of an expression cannot be a URL, or part of one'],
  'missing-name': ['error', 'A callback has no name'],
  'missing-expression': ['error', 'A callback does not say where it is sent'],
  'no-operation': ['error', 'A callback or webhook has no operation'],
  'method-case': ['error', 'A method is not in lower case'],
  'webhooks-version': ['error', 'Webhooks stand in a document of OpenAPI 3.0, which has none'],
  'not-an-object': ['error', 'Something is not the kind of value that OpenAPI has there'],
  'reference-not-found': ['error', 'A reference leads nowhere'],
  'reference-cycle': ['error', 'References only lead to each other'],
  'reference-not-followed': ['note', 'A reference leads to where this document may not make anybody read'],
  'reference-unreadable': ['error', 'A file that a reference leads to cannot be read'],
  syntax: ['error', 'A file is not correct JSON or YAML'],
  'duplicate-key': ['error', 'A key stands twice in one mapping'],
  alias: ['error', 'An alias of YAML cannot be followed'],
  limit: ['error', 'There is more than will be read'],
} as const satisfies Readonly<Record<string, readonly [level: DiagnosticLevel, about: string]>>

export type DiagnosticCode = keyof typeof diagnosticCodes

export const levelOf = (code: DiagnosticCode): DiagnosticLevel => diagnosticCodes[code][0]
