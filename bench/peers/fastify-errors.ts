import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** Answers 422 with all that is wrong, where Fastify has found something wrong. */
export function answerError(error: FastifyError, _: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.validation === undefined) {
    console.error(error)
    return reply.code(500).send({})
  }
  const detail = error.validation.map(({ instancePath, message, keyword }) => ({
    loc: [error.validationContext, ...instancePath.split('/').slice(1)],
    msg: message,
    type: keyword,
  }))
  return reply.code(422).send({ detail })
}
