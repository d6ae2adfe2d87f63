const express = require('express');
const mysql = require('mysql');

const connection = mysql.createConnection({
  host: process.env.MYSQL_HOST,
  user: process.env.MYSQL_USER,
  password: process.env.MYSQL_PASSWORD,
  database: process.env.MYSQL_DATABASE,
});

connection.connect((err) => {
  if (err) throw err;
  console.log('Connected to MariaDB');
});

const app = express();
app.use(express.json());

app.get('/', (req, res) => res.send('<a href="/api/todos">todos</a>'));

app.get('/api/todos', (req, res) => {
  connection.query('SELECT * FROM todos', (err, rows) => {
    if (err) return res.status(500).json({ error: err.message });
    res.json(rows);
  });
});

app.post('/api/todos', (req, res) => {
  connection.query('INSERT INTO todos SET ?', { title: req.body.title }, (err, result) => {
    if (err) return res.status(500).json({ error: err.message });
    res.status(201).json({ id: result.insertId });
  });
});

app.listen(3000, () => console.log('Listening on 3000'));
