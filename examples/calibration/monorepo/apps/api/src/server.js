import { build } from './app.js'

await build({ logger: true }).listen({ host: '0.0.0.0', port: 4000 })
