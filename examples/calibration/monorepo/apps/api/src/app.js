import Fastify from 'fastify'
import pg from 'pg'

const pool = new pg.Pool({ host: process.env.POSTGRES_HOST, user: 'box', password: process.env.POSTGRES_PASSWORD })

export function build (options = {}) {
  const app = Fastify(options)
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async () => { await pool.query('SELECT 1'); return { status: 'ready' } })
  app.get('/recipes', async () => (await pool.query('SELECT id, title FROM recipes LIMIT 100')).rows)
  return app
}
