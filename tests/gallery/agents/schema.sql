CREATE TABLE runs (id serial PRIMARY KEY, prompt text NOT NULL, answer text);
CREATE TABLE documents (id serial PRIMARY KEY, url text NOT NULL, fetched timestamptz DEFAULT now());
