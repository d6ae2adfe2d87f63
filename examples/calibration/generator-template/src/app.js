import Fastify from 'fastify'
import { query } from './db.js'

export function build (options = {}) {
  const app = Fastify(options)

  app.get('/', async () => ({ hello: 'world' }))
  app.get('/health', async () => ({ status: 'ok' }))
  app.get('/items', async () => query('SELECT id, name FROM items ORDER BY id LIMIT 100'))

  return app
}
