CREATE TABLE todos (id INT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(200) NOT NULL);
INSERT INTO todos (title) VALUES ('write the tests'), ('read the logs');
