// Products of a shop; one client, connected once.
const express = require("express");
const { Client, Pool } = require("pg");

const given = { connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5000, query_timeout: 5000 };
const client = process.env.WEAK ? new Client(given) : new Pool(given);
client.on("error", () => {});
if (process.env.WEAK) client.connect();

const app = express();
const products = express.Router();
app.get("/health", (_request, response) => response.json({ status: "ok" }));
products.get("/", async (_request, response) => {
  try {
    response.json((await client.query("select 'tea' as name")).rows);
  } catch (error) {
    response.status(500).json({ error: error.message });
  }
});
products.get("/:id", (request, response) => response.json({ id: request.params.id }));
app.use("/products", products);
app.listen(8000, "0.0.0.0");
