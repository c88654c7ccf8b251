/**
 * What could steer a terminal or hide text in it: control characters, among them C1, which some terminals obey as they do
 * ESC; formatting ones, which turn the direction of writing or have no width; separators of lines; halves of pairs.
 */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text that came from outside, made harmless for a terminal and kept on one line. */
export function escapeControls(text: string): string {
  return text.replace(steering, visible)
}

/** The same for text of several lines, which keeps its line breaks and tabs. */
export function escapeControlsInLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(steering, control => (/[\n\t]/.test(control) ? control : visible(control)))
}

/** The same within JSON text, where such characters stand in strings only. */
export function escapeControlsInJson(json: string): string {
  return json.replace(steering, control => (control === '\n' ? control : codeUnits(control)))
}

function visible(control: string): string {
  const code = control.codePointAt(0) ?? 0
  return code <= 0xff ? `\\x${hexadecimal(code, 2)}` : `\\u{${hexadecimal(code, 4)}}`
}

/** JSON knows UTF-16 code units only. */
function codeUnits(control: string): string {
  return control
    .split('')
    .map(unit => `\\u${hexadecimal(unit.charCodeAt(0), 4)}`)
    .join('')
}

const hexadecimal = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
