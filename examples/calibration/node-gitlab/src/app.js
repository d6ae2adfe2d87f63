import Fastify from 'fastify'
import { Counter, register } from 'prom-client'

const taken = new Counter({ name: 'postbox_letters_taken_total', help: 'Letters that were queued' })

export function build (queue) {
  const app = Fastify({ logger: true })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/metrics', async (_, reply) => reply.type(register.contentType).send(await register.metrics()))
  app.post('/letters', async (request, reply) => {
    if (!request.body?.to) return reply.code(422).send({ error: 'to is missing' })
    await queue.rPush('letters', JSON.stringify(request.body))
    taken.inc()
    return reply.code(202).send({ queued: true })
  })
  return app
}
