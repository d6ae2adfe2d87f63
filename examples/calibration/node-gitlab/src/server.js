import { createClient } from 'redis'
import { build } from './app.js'

const queue = createClient({ socket: { host: 'queue' }, password: process.env.REDIS_PASSWORD })
await queue.connect()
await build(queue).listen({ host: '0.0.0.0', port: 8080 })
