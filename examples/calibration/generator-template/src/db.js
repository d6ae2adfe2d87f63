import pg from 'pg'

const pool = new pg.Pool({
  host: process.env.POSTGRES_HOST,
  user: 'app',
  database: 'app',
  password: process.env.POSTGRES_PASSWORD
})

export async function query (text, values) {
  const { rows } = await pool.query(text, values)
  return rows
}
