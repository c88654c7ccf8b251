import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** Responds with a 422 that names all mistakes that Fastify has found. */
export function respondToError(error: FastifyError, _: FastifyRequest, reply: FastifyReply): FastifyReply {
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
