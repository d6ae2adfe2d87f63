"""
Lines that leak, by language: `«` and `»` stand around the value that must be found.

The passwords are made up. Values that would look like a provider's token are put together at run time.
"""

from __future__ import annotations

LEAKS: dict[str, str] = {
    "app/settings.py": r"""
driver.find_element_by_id("password").send_keys("«Secret-123»")
User.objects.create_superuser("admin", "admin@corp.io", "«frosty-91»")
conn = cx_Oracle.connect("app/«frosty91»@orcl")
ssh.connect("10.0.0.5", 22, "root", "«toor»")
password = generate_password_hash("«frosty-91»")
url = "https://api.corp.io/v1?user=1&api_key=«a87ff679a2f3e71d9181a67b7542122c»"
password = "«hunter2»"
DB_PASSWORD = '«S3cr3t!pass»'
self.password = "«myappdbpass»"
config["db"]["password"] = "«Kx7-plum»"
conn = psycopg2.connect(host="db", user="app", password="«gr33nTea»")
connect(host, user, passwd='«zebra-77-kite»')
PASSWORD: str = "«b1ueM00n»"
def connect(password="«n0tSoSecret9»"): pass
if password == "«open4me»":
os.environ["API_TOKEN"] = "«b7f3c9d2e8a14605»"
password = os.environ.get("DB_PASSWORD", "«fallb4ck!»")
password = os.getenv("DB_PASSWORD") or "«fallb4ck!»"
API_KEY = "«9f8b7a6c5d4e3f2a1b0c9d8e7f6a5b4c»"
SECRET_KEY = '«k3y$7#mm2!vq9xz&plw0_c8-t4ub6n»'
client_secret = "«Zk39xQpLw82mVbTr»"
auth = HTTPBasicAuth('deploy', '«d3ploy-me»')
requests.get(url, auth=("deploy", "«d3ploy-me»"))
smtp.login("mailer", "«m4ilP0st»")
DATABASE_URL = "postgres://app:«s3a-gull»@db.internal:5432/app"
user.set_password('«frosty-91»')
ENCRYPTION_KEY = b"«q7Lw0ZtX2vB9nM4kR8yU1cP6»"
PASSWORT = "«geheim77»"
data = {"username": "bob", "password": "«wint3r!»"}
headers = {"Authorization": "Bearer «kJ8s7Dm2Qp0Zx4Lw9Vb3Nt6R»"}
WIFI_PASS = "«casa-azul-9»"
conn_str = "Server=db;Database=app;User Id=sa;Password=«Pl4net!x»;"
""",
    "web/src/config.js": r"""
cy.get('#password').type('«m4rble.7»');
await page.fill('#password', '«m4rble.7»');
$('#password').val('«m4rble.7»');
auth: { user: 'bob@corp.io', pass: '«gm4ilpass»' }
const hash = { password: bcrypt.hashSync('«m4rble.7»', 10) };
const password = '«hunter2»';
export const apiKey = "«8d7f6a5b4c3e2d1f0a9b8c7d6e5f4a3b»";
  password: '«kitt3n!»',
  "dbPassword": "«kitt3n!»",
mongoose.connect('mongodb://app:«p1neapple»@mongo:27017/app');
const secret = process.env.JWT_SECRET || '«j3llyf1sh-77»';
const db = mysql.createConnection({ host: 'db', user: 'app', password: '«orch1d.88»', database: 'app' });
app.use(session({ secret: '«s3ssion-c0rn-flake»' }));
const { password = '«abc7xyz!»' } = options;
axios.defaults.headers.common['Authorization'] = 'Basic «ZGVwbG95OmszdGNodXA=»';
if (pass === '«gate-kee9er»') {
this.state.password = `«tundra_55x»`;
""",
    "web/src/app.ts": r"""
private readonly password: string = '«hunter2»';
const token: string = "«f81d4fae7dec11d0a76500a0c91e6bf6»";
await page.type('#password', '«m4rble.7»');
""",
    "src/Main.java": r"""
DriverManager.getConnection("jdbc:mysql://localhost:3306/test","root","«1234»");
driver.findElement(By.id("password")).sendKeys("«l4ntern!»");
.password(passwordEncoder.encode("«l4ntern!»"))
spring.datasource.hikari("password", "«l4ntern!»");
private static final String DB_PASSWORD = "«hunter2»";
String password = "«myappdbpass»";
config.setPassword("«l4ntern!»");
props.put("password", "«l4ntern!»");
System.setProperty("javax.net.ssl.keyStorePassword", "«k3yst0re9»");
DriverManager.getConnection(url, "app", "«t3apot-m8»");
@Value("${db.password:«l4ntern!»}")
dataSource.setUrl("jdbc:mysql://db/app?user=app&password=«l4ntern!»");
new UsernamePasswordCredentials("deploy", "«l4ntern!»");
.password("«l4ntern!»")
if (password.equals("«l4ntern!»")) {
char[] passphrase = "«l4ntern!»".toCharArray();
private String secretKey = "«Tz4mQ8wLr2Xv7KpB»";
""",
    "src/main.go": r"""
password := "«hunter2»"
const dbPassword = "«qu1ckfox»"
var apiToken string = "«c4ca4238a0b923820dcc509a6f75849b»"
	Password: "«qu1ckfox»",
db, err := sql.Open("mysql", "app:«qu1ckfox»@tcp(db:3306)/app")
req.SetBasicAuth("deploy", "«qu1ckfox»")
""",
    "src/main.c": r"""
WiFi.begin("HomeNet", "«casa-azul-9»");
#define kPassword @"«qu1ckfox»"
#define DB_PASS "«hunter2»"
const char *password = "«qu1ckfox»";
char passwd[] = "«qu1ckfox»";
static char wifi_password[32] = "«qu1ckfox»";
if (strcmp(password, "«qu1ckfox»") == 0)
const char* ssid_pwd = "«qu1ckfox»";
std::string api_key = "«a87ff679a2f3e71d9181a67b7542122c»";
""",
    "src/Program.cs": r"""
private const string Password = "«hunter2»";
var connectionString = "Data Source=db;Initial Catalog=app;User ID=sa;Password=«Str0ngB0x»";
var cred = new NetworkCredential("svc", "«Str0ngB0x»");
string pwd = @"«Str0ngB0x»";
[TestCase(Password = "«Str0ngB0x»")]
""",
    "config/database.php": r"""
'password' => Hash::make('«wp-l0gin!»'),
$pass = md5("«wp-l0gin!»");
$password = '«hunter2»';
define('DB_PASSWORD', '«wp-l0gin!»');
'password' => '«wp-l0gin!»',
'password' => env('DB_PASSWORD', '«wp-l0gin!»'),
$db = new mysqli('localhost', 'app', '«wp-l0gin!»', 'shop');
$pdo = new PDO('mysql:host=db', 'app', '«wp-l0gin!»');
mysql_connect("localhost", "app", "«wp-l0gin!»");
$cfg['Servers'][1]['password'] = '«wp-l0gin!»';
define("AUTH_KEY", "«v8Lq2Zt7Xw0Rk5Np3Mb9»");
const API_SECRET = '«v8Lq2Zt7Xw0Rk5Np3Mb9»';
""",
    "config/deploy.rb": r"""
fill_in 'Password', with: '«r4ils-up!»'
password = '«hunter2»'
set :password, "«r4ils-up»"
:password => "«r4ils-up»",
  password: "«r4ils-up»",
ENV['DB_PASSWORD'] ||= '«r4ils-up»'
config.secret_key = '«b6d767d2f8ed5d21a44b0e5886680cb9c4ca4238a0b923820dcc509a6f75849b»'
http_basic_authenticate_with name: "bob", password: "«r4ils-up»"
""",
    "bin/sync.pl": r"""
my $password = "«hunter2»";
password => '«p3rl-1s-ok»',
$ftp->login('app', '«p3rl-1s-ok»');
""",
    "deploy.sh": r"""
kubectl create secret generic db --from-literal=password=«h4rb0ur»
sqlplus app/«h4rb0ur»@orcl @init.sql
mysqladmin -u root password «h4rb0ur»
docker run -e MYSQL_ROOT_PASSWORD=«h4rb0ur» mysql
chpasswd <<< "root:«h4rb0ur»"
curl -u admin:«admin» https://ci.internal
PASSWORD=«hunter2»
export DB_PASS="«d0ck-yard»"
export PGPASSWORD=«d0ck-yard»
mysql -u root -p«d0ck-yard» app < dump.sql
sshpass -p '«d0ck-yard»' ssh deploy@host
curl -u deploy:«d0ck-yard» https://ci.internal/build
mysqldump --user=app --password=«d0ck-yard» app
docker login -u ci -p «d0ck-yard» registry.internal
redis-cli -h cache -a «d0ck-yard» ping
wget --http-password=«d0ck-yard» https://files.internal
echo "root:«d0ck-yard»" | chpasswd
echo «d0ck-yard» | sudo -S reboot
DB_PASSWORD=${DB_PASSWORD:-«d0ck-yard»}
openssl rsa -passin pass:«d0ck-yard» -in key.pem
keytool -import -storepass «d0ck-yard» -file ca.crt
psql "host=db dbname=app user=app password=«d0ck-yard»"
curl -H "Authorization: Bearer «kJ8s7Dm2Qp0Zx4Lw9Vb3Nt6R»" https://api.internal
twine upload --password «d0ck-yard» dist/*
""",
    "setup.ps1": r"""
$password = "«hunter2»"
$secure = ConvertTo-SecureString "«w1nd0wsill»" -AsPlainText -Force
-Password "«w1nd0wsill»"
net use \\srv\share /user:bob «w1nd0wsill9»
""",
    "Makefile": r"""
DB_PASSWORD := «h4rb0ur»
""",
    "docker-compose.yml": r"""
      MYSQL_ROOT_PASSWORD: «hunter2»
      - POSTGRES_PASSWORD=«h4rb0ur»
      - "RABBITMQ_DEFAULT_PASS=«h4rb0ur»"
    command: redis-server --requirepass «h4rb0ur»
      DATABASE_URL: postgres://app:«h4rb0ur»@db/app
      ADMIN_PASSWORD: ${ADMIN_PASSWORD:-«h4rb0ur»}
      MONGO_INITDB_ROOT_PASSWORD: «rootpassword»
      JWT_SECRET: «mY-jwt-53cret»
      MINIO_SECRET_KEY: «minio123»
""",
    "k8s/app.yaml": r"""
        - name: DB_PASSWORD
          value: «h4rb0ur»
        - name: API_TOKEN
          value: "«e4da3b7fbbce2345d7772b0674a318d5»"
  password: «h4rb0ur»
  adminPassword: '«h4rb0ur»'
  db_password: >-
    «h4rb0ur»
  auth: {user: app, password: «h4rb0ur»}
""",
    "infra/main.tf": r"""
  password = "«hunter2»"
  master_password      = "«t3rraf0rm»"
variable "db_password" {
  type    = string
  default = "«t3rraf0rm»"
}
""",
    "db/init.sql": r"""
CREATE USER app IDENTIFIED BY «tiger77»;
CREATE USER 'app'@'%' IDENTIFIED BY '«hunter2»';
ALTER USER app WITH PASSWORD '«sql-n1nja»';
CREATE ROLE app LOGIN PASSWORD '«sql-n1nja»';
SET PASSWORD FOR 'root'@'localhost' = PASSWORD('«sql-n1nja»');
CREATE LOGIN app WITH PASSWORD = '«sql-n1nja»';
GRANT ALL ON app.* TO 'app'@'%' IDENTIFIED BY '«sql-n1nja»';
""",
    "Dockerfile": r"""
ENV DB_PASSWORD=«h4rb0ur»
ENV MYSQL_PASSWORD «h4rb0ur»
ARG API_KEY=«a87ff679a2f3e71d9181a67b7542122c»
RUN echo 'root:«h4rb0ur»' | chpasswd
""",
    "src/main/resources/application.properties": r"""
spring.datasource.password=«hunter2»
spring.mail.password = «p0stb0x»
jwt.secret=«mY-jwt-53cret»
db.url=jdbc:postgresql://db/app?user=app&password=«p0stb0x»
# old.password=«p0stb0x»
security.user.password: «p0stb0x»
""",
    "conf/app.ini": r"""
ansible_ssh_pass=«vagrant»
APP_KEY=«base64:kJ8s7Dm2Qp0Zx4Lw9Vb3Nt6RkJ8s7Dm2Qp0Zx4Lw9V4=»
password = «hunter2»
db_pass=«1n1-f1le»
smtp_password = "«1n1-f1le»"
requirepass «1n1-f1le»
api_key = «a87ff679a2f3e71d9181a67b7542122c»
;password = «1n1-f1le»
admin_passwd = «$ecret!1sh»
""",
    "web.config": r"""
<add key="Password" value="«hunter2»" />
<add name="Db" connectionString="Server=db;Database=app;Uid=app;Pwd=«W3b.c0nf»;" />
<add key="ApiToken" value="«a87ff679a2f3e71d9181a67b7542122c»"/>
<network host="smtp" userName="app" password="«W3b.c0nf»" />
""",
    "beans.xml": r"""
<password>«hunter2»</password>
<property name="password" value="«b3ans-x»"/>
<entry key="db.password">«b3ans-x»</entry>
<property name="password"><value>«b3ans-x»</value></property>
<dbPassword><![CDATA[«b3ans-x»]]></dbPassword>
<Resource name="jdbc/app" username="app" password="«b3ans-x»"/>
<key>password</key>
<string>«b3ans-x»</string>
""",
    "data/seed.json": r"""
  "password": "«hunter2»",
  "dbPassword":"«j4son!x»",
  {"key": "password", "value": "«j4son!x»"},
  {"name": "DB_PASSWORD", "value": "«j4son!x»"},
  "client_secret": "«Zk39xQpLw82mVbTr»",
  "connectionString": "Server=db;Uid=app;Pwd=«j4son!x»;",
  "password":
     "«j4son!x»",
""",
    "README.md": r"""
Password: «hunter2x»
The password is `«qu4rtz»`.
login: bob / «s3cret123x»
- user: admin, password: `«qu4rtz»`
curl -u admin:«qu4rtz9» http://localhost:8080
| admin | password: «qu4rtz-7» |
    DB_PASSWORD=«qu4rtz»
""",
    "notes.txt": r"""
密码：«abc12377»
Password:«qu4rtz-7»
web01 ansible_host=10.0.0.7 ansible_ssh_pass=«vagrant»
password: «hunter2»
VPN pwd - «qu4rtz-7»
Passwort: «Sommer2019!»
Mot de passe : «s0leil!»
contraseña: «s0leil!»
пароль: «s0leil!»
密码: «s0leil!»
credentials: admin / «s0leil77»
""",
    "server.log": r"""
2021-03-04 10:00:00 DEBUG connecting with user=app password=«l0gl1ne7»
2021-03-04 INFO url=http://app:«l0gl1ne7»@proxy:3128/
""",
    "shadow-like.conf": r"""
password_hash = «$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAh»
admin_password: «$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy»
""",
}

EXPRESSIONS: dict[str, str] = {
    "app/settings.py": r"""
password = os.environ["DB_PASSWORD"]
password = getpass.getpass("Password: ")
password = "${DB_PASSWORD}"
password = "%(password)s"
password = "{{ db_password }}"
password = f"{password}"
password = None
password = get_password("db")
password: str
password: Optional[str] = None
password = models.CharField(max_length=128)
password = forms.CharField(label="Password", widget=forms.PasswordInput)
PASSWORD_FIELD = "password"
password_field = "user_password"
password_file = "/run/secrets/db"
token_url = "https://example.org/oauth/token"
token_type = "bearer"
TOKEN = "token"
csrf_token_name = "csrf_7a5d3c"
error_messages = {"password_mismatch": "The two password fields didn't match."}
help_text = "Enter the same password as before"
raise ValueError("password must not be empty")
parser.add_argument("--password", help="password of the user")
fields = ("username", "password", "email")
if token == "NUMBER":
token = lexer.next()
self.assertEqual(password, "")
password = "changeme"
password = "<your password>"
password = "xxxxxxxx"
password = "********"
password = "YOUR_PASSWORD_HERE"
api_key = "your-api-key-here"
api_key = "insert_token"
secret = "my-secret-name"
max_tokens = "4096"
primary_key = "user_id_2x93jd83jd93jd0a"
foreign_key = "a8f5f167f44f4964e6c998dee827110c"
cache_key = "user:profile:12345:abc"
public_key = "a8f5f167f44f4964e6c998dee827110c"
sort_key = "a8f5f167f44f4964e6c998dee827110c"
key_id = "a8f5f167f44f4964e6c998dee827110c"
password = input("Password for root2: ")
logger.info("password: %s", password)
next_page_token = "a8f5f167f44f4964e6c998dee827110c"
url = "https://user:${PASSWORD}@host/path"
url = "http://user:password@example.com/"
url = "https://%s:%s@host" % (user, password)
headers = {"Authorization": "Bearer %s" % token}
authorization = "Basic realm"
passwords = ["one", "two"]
credentials.password.encode("utf8")
compass = "north-7e"
secret_name = "prod/db/password-9"
hash_password("hunter2")
token = "Bearer"
""",
    "web/src/form.js": r"""
<input type="password" name="password" placeholder="Password">
password: Joi.string().required(),
password: '',
password: 'Password',
password: "required",
const passwordInput = document.querySelector('input[type="password"]');
$('#password').val('');
errors.password = 'Password is required';
label: 'Password', type: 'password',
passwordLabel: 'Enter your password',
password: 'form.password.label',
const token = await getToken('session');
tokenType: 'identifier-name',
if (token.type === 'punctuation') {
const pass = document.getElementById('pw-2').value;
password: { type: String, select: false },
password: process.env.DB_PASSWORD,
password: `${password}`,
token: '$TOKEN',
autocomplete: 'new-password',
resetPasswordPath: '/account/reset-password-2',
""",
    "src/Main.java": r"""
String password = System.getenv("DB_PASSWORD");
private String password;
public void setPassword(String password) { this.password = password; }
getPassword("admin.db");
@Column(name = "password", length = 60)
String PASSWORD_KEY = "password";
@Value("${db.password}")
if (password.equals(""))
throw new IllegalArgumentException("password must be set");
""",
    "docker-compose.yml": r"""
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}
      POSTGRES_PASSWORD_FILE: /run/secrets/pg
      password: !vault |
      password: "{{ vault_password }}"
      password: changeme
      password: <password>
      API_TOKEN: $API_TOKEN
      MYSQL_ALLOW_EMPTY_PASSWORD: "yes"
      MYSQL_RANDOM_ROOT_PASSWORD: "true"
      secretName: db-credentials-v2
      secretKeyRef:
      tokenReview: true
      password: ENC[AES256_GCM,data:Zk39xQpLw82m,iv:kJ8s7Dm2Qp0Z,type:str]
      github_token: ${{ secrets.GITHUB_TOKEN }}
""",
    "deploy.sh": r"""
PASSWORD=$1
PASSWORD="$(pass show db)"
PASSWORD=`cat /run/secret`
read -s -p "Password: " PASSWORD
mysql -u root -p app
mysql -u root -p"$PASSWORD" app
curl -u "$USER:$PASSWORD" https://host
sshpass -p "$PASS" ssh host
docker run -p 8080:80 image
echo "Usage: $0 --password PASSWORD"
tool --password-file /etc/pw2
mkdir -p /var/lib/app2
""",
    "README.md": r"""
Set the password in the `DB_PASSWORD` variable.
password: the password of the user
The password is required.
The token is refreshed every 10 minutes.
Passwords are hashed with bcrypt.
Password: `<your-password>`
| password | string | The password |
Run `mysql -u root -p`.
Go to https://example.com/reset-password?token=TOKEN
API key: see the console.
""",
    "conf/app.properties": r"""
password=
password=${db.password}
password.label=Password
password.min.length=8
error.password=Wrong password
password=@db.password@
token.endpoint=https://login.example.org/token2
password.encoder=bcrypt
""",
    "locale/de.json": r"""
"password": "Passwort",
"password": "Kennwort vergessen?",
"login.password": "Dein Passwort",
"token": "Zugangsschlüssel",
"password": "Wachtwoord",
""",
}
