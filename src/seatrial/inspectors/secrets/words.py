"""
Words that people and programs use in names, labels and messages.

A value made of these is text about a secret, hardly the secret itself. The list is written from general knowledge
of English and of source code; it covers the words beside `password` and `token`. Its letter pairs are those of
ordinary words (`values.py` measures surprise against them).
"""

from __future__ import annotations


def wordset(text: str) -> frozenset[str]:
    """The words of a table that is written as text: as a list literal it would be ten times as long."""
    return frozenset(text.split())


_ENGLISH = """
able about above accept access account accounts across action actions active activity actual add added adding
address after again against age agree ahead air alert alias align all allow allowed alone along already also
alternate although always amount and animal animation another answer any anyone anything apart appear apple
application applications apply area around arrow article ask asked attempt attempts author auto available average
avoid away baby back background bad badge balance ball bank banner bar base based basic batch battery beach bear
beautiful because become been before begin behind being below best better between beyond big bill bind birth bit
bits black blank block blocked blue board body bold book border both bottom bound box boy branch brand break bridge
bright bring broken brother brown browse browser bucket budget build builder building bundle business busy but
button buy bypass byte bytes cabinet cache calendar call called caller camera can cancel cannot capital captain
caption capture car card care carefully case cast cat catalog catch category cause cell center central century
certain certificate chain chair challenge chance change changed changes changing channel chapter character
characters charge chart chat cheap check checked checking cherry child children choice choose chosen circle city
claim claims class classes clean clear cleared click client clients clipboard clock close closed cloud club coach
coast code codes coffee coin cold collapse collect collection color colour column columns combine come coming
command commands comment comments commit common community company compare complete completed component compose
computer concept condition config configuration configure configured confirm confirmation confirmed conflict connect
connected connection connections console constant contact contain contains content contents context continue
contract control controller convert cookie cookies copy core corner correct cost could count counter country couple
course cover create created creating creation credential credentials credit cross cross crypto currency current
currently cursor custom customer customers cut cycle daily damage dance danger dark dashboard data database
databases date day days dead deal debug decide declare decode decrypt decrypted deep default defaults define defined
definition degree delay delete deleted delivery demo denied deny depend depends deploy deployment depth describe
description design desktop destination detail details detect determine develop developer development device devices
dialog different digest digit digits direct direction directory disable disabled disconnect discount discover disk
display distance divide document documents does dog dollar domain done door double down download downloads draft
dragon draw dream drive driver drop dry dry due during duration each early earth easy edge edit editor editing
education effect either element elements else email emails empty enable enabled encode encoded encoding encrypt
encrypted encryption end ended endpoint endpoints energy engine english enough ensure enter entered entering
enterprise entity entries entry environment equal equals error errors escape estate evening event events ever every
everyone everything exact example examples except exception exchange exclude execute exist existing exists exit
expand expect expected expire expired expires expiry explain export expose express expression extend extension
extensions external extra face fact factor factory fail failed fails failure fake fall false family far fast father
favorite feature features feed feedback fetch few field fields fifth figure file filename files fill film filter
filters final find finger finish fire first fish fixed flag flags flight floor flow flower focus folder follow
following font food foot football footer for force foreign forest forever forget forgot forgotten form format
formats forms forum forward found frame framework free freedom freeze fresh friday friend friends from front full
function functions future gallery game games garden gate gateway general generate generated generation generator
generic get give given glass global goal god going gold golden good grand grant granted graph gray great green grid
ground group groups grow guard guess guest guide hand handle handler hang happen happy hard hash hashed hashes have
head header headers heading health heart heat height held hello help helper here hero hidden hide hierarchy high
highlight hint history hockey hold hole home honey hook hope horizontal horse host hosts hot hotel hour hours house
how however human hunter icon icons idea ideal identifier identify identity idle ignore ignored image images
immediate import important impossible include included including incorrect increase index individual industry info
information initial inline inner input inputs insert inside install installed instance instances instead integer
integration interface internal internet into invalid invite invoice issue issued issuer issues item items iteration
itself january job jobs join joker journal jump june just keep kept key keyboard keys kill kind king kitchen know
known label labels lady land language languages large last late latest launch law layer layout lead leader learn
least leave left legacy legal length letter letters level levels library license life light like limit limited
limits line lines link linked links list listen listing lists little live load loaded loader loading local locale
location lock locked log logged logger logging login logins logo logout long look loop loose lose lost love low
lower lowercase lucky machine magic mail mailbox main maintain major make manage management manager mandatory
manifest manual many map mapping march margin mark market mask master match matched matches matching material matrix
maximum maybe mean means measure media medium meeting member members memory menu merge message messages metadata
method methods metric metrics middle might migration million minimum minor minute minutes mirror mismatch missing
mixed mobile mock modal mode model models moderate modified modify module modules moment monday money monitor monkey
month months moon more morning most mother mountain mouse move much multiple music must name named names namespace
national native nature navigation near need needed needs negative nested network never new news next nice night
nobody node nodes none normal not note notes nothing notice notification notifications notify number numbers object
objects observe obtain occurred ocean off offer office offline offset often old once one online only open opened
operation operator option optional options orange order orders ordinary organization origin original other others
otherwise out outer output outputs outside over overlay override own owner pack package packages page pages paint
pair panel paper paragraph parameter parameters parent parse parser part partial partner parts party pass passed
passing passphrase passport password passwords past paste path paths pattern patterns pause pay payload payment
payments peace pending people percent perform performance period permission permissions permit person personal phone
photo phrase picture piece pink pipeline place placeholder plain plan plane planet plans plant platform play player
please plugin plugins point pointer points policy pool popular port portal position positive possible post postgres
power prefer preference preferences prefix prepare present press preview previous price primary prince princess
principal print printer priority private privilege problem process product production products profile profiles
program progress project projects promise prompt proper properties property protect protected protection protocol
provide provided provider providers proxy public publish published pull purchase purple purpose push question queue
quick quickly quiet quit quote race radio rainbow random range rate rather ratio reach read readable reader reading
ready real realm reason receive received recent recipient record records recover recovery redirect reduce reference
refresh refused region register registered registration registry regular reject rejected related relation release
reload remain remember remote remove removed rename render renew repeat replace reply report reports repository
request requested requests require required requires reset resolve resource resources response responses rest
restart restore restrict restricted result results resume retry return returned returns reveal review revoke revoked
right rights river robot rock role roles root round route router row rows rule rules run runner running runtime safe
salt same sample sand save saved scale scan schedule schema school scope scopes score screen script scripts scroll
search season second seconds secret secrets section secure secured security see seed select selected selection
selector self sell send sender sending sent sentence separate sequence serial series server servers service services
session sessions set sets setting settings setup seven several shadow shape share shared sheet shell shift ship
shipping shop short should show sidebar side sign signature signed signin signup silence silver similar simple since
single site sites size skip sleep slice slide slot slow small smart snapshot snow soccer social socket soft software
sold solid some someone something song soon sort sound source space spam span special specific specified specify
speed spell split sport spring square stack stage standard star start started starting state statement static
station statistics status stay step steps still stock stone stop stopped storage store stored stores story stream
street strength strict string strings strong structure student style styles subject submit subscribe subscription
success successful successfully such suffix suggest sugar summary summer sun sunday sunshine super superman support
supported sure surface switch symbol sync syntax system systems tab table tables tag tags take target targets task
tasks team technical telephone television tell template templates temporary tenant term terms test tested tester
testing tests text texts than thank that their theme then there these they thing things think third this those
though thread three threshold through thumb thunder ticket tiger time timeout times timestamp tiny title titles
toast today together toggle token tokens tomorrow tool toolbar tools tooltip top topic total touch toward tower
track trade traffic train transaction transfer transform translate transparent transport travel tree trial trigger
true trust trusted try trying tuesday tunnel turn twice two type typed types typical unable unauthorized under undo
unique unit universal unknown unless unlock unset until unused update updated updates upgrade upload upper uppercase
url usage use used user username usernames users uses using usual valid validate validated validation validator
value values variable variables variant various vault vector vendor verification verified verify version versions
vertical very victory video view viewer views village virtual visible visit visitor visual voice volume wait waiting
walk wall wallet want warning warnings was watch water wave way weak weather web website week weight welcome well
were west what wheel when where whether which while white who whole why wide widget width wild will wind window
windows wine winter wireless with within without wizard woman wonder wood word words work worker workflow working
works workspace world would wrap write writer writing written wrong year years yellow yes yesterday yet you young
your yours yourself zero zone are did had has her him his its may nor our she too him himself herself myself my me
we us no of on or so to up if in is it be by do go he an as at am accepted accepting administrator administrators
algorithm alphabet alphanumeric ampersand anonymous arguments array assertion associated attribute attributes
authenticate authenticated authenticating authentication authenticator authorization authorize authorized automatic
autocomplete backend backup bearer boolean brute button cannot characters checkbox checksum cipher cleartext
compound concurrent constraint consumer container containers corporate criteria curve decryption deprecated
deserialize dictionary disposable duplicate dynamic editable embedded encrypting executable explicitly federated
fingerprint forbidden frequency granularity guessable handshake hardcoded hostname identical implicit impersonate
insecure interactive interval invitation kerberos keychain keyring keystore lifetime literal lockout longer
lowercase malformed managed manually maintenance memorable middleware minimal mutable mutual namespace necessary
nonce nullable numeric obsolete onboarding openid operations optionally parsing passcode pending persistent
plaintext principal privileged prohibited provisioning publisher punctuation readonly rectangle redacted relying
replica repeated represent requirement requirements resend resets responsible revocation rotated rotation salted
sandbox sanitize scheme scoped secondary sensitive serializer shorter signing silent singleton stateless subdomain
submission subsequent suitable superuser symbols tablespace terminate thumbprint translation truststore typescript
unchanged unencrypted unexpected unhandled unlocked unprotected unsafe unspecified unsupported untrusted utility
uuid verifier verifying visibility whitespace wildcard workstation
"""

_TECHNICAL = """
abi ability acl admin ads ajax algo android ansible api apis apk app apps arch arg args argv ascii asset assets
async aud auth authn authz avatar aws azure beta bin bio blob blur bool boot bot bower btn buf buffer bug caps
captcha cdn cert certs cfg cgi char chars chk chmod chrome cidr cli clone cls cluster cmd cms cname codec col
commons compile compiler conf config conn const cookie cors cpu cred creds cron crud crypt csrf css csv ctrl ctx cur
curl cwd daemon dao datastore datetime dav dec decoder deps desc dest dev devel dict diff dir dirs disk dist div dns
doc docker docs dom drupal dsn dto dump eclipse elastic elem emulator enc encoder enum env envs eof err etc eval exe
exec expr ext facebook fallback favicon fetcher fmt foo bar baz qux fqdn frontend fs ftp func fwd gateway gcp
generics getter gid git github gitlab glob google gpg gpu grafana graphql grep grpc gui hdr heap hex heroku hmac
hostname href html http https iam icon iframe img impl increment infra init inject inline inst int internal ios ipv
irc iso iter java javascript jar jdbc jenkins jira jks join jpeg jpg jquery json jsp junit jwk jwks jwt kafka kernel
keycloak kube kubernetes lambda lan lang laravel ldap len lib libs linux localhost localization locator logstash
lookup loopback lru mac magento mailer maven max mem memcached merchant meta mfa microsoft middleware mime min
minify mnemonic mongo mongodb mount mozilla mqtt msg msgs msi multi mutex mvc mysql mysqli nav nginx nil node nonce
noop npm null num oauth obj ocsp oidc opc openssl ops opts oracle orm os otp param params passwd perl pgp php pid
ping pip pkcs pkg plist png pod podman popup portlet postgresql ppk pref prefs proc prod prometheus promo props ptr
pub pwd py pypi python qa qr queries query rabbitmq rdbms react readme realm recaptcha redis redux refactor ref refs
regex regexp repo repos req res rest ret rev rfc rgb root rpc rsa rss ruby saml sasl scala scss scp sdk sentry
servlet sessionid sftp sha shader sid sig slack slug smb smtp snap snmp soap solr spec splunk spring sql sqlite src
srv ssd ssh ssl sso stdin stdout stderr storefront stringify struct stub sub sudo svc svg svn swagger symfony
symlink sys syslog tar tcp tel telnet tenant terraform tftp tgz tls tmp toml tomcat totp trace ttl txt typo udp uid
unix uri urls usb userinfo userid util utils var vars vhost vm vnc vpc vpn vue wan webapp webdav webhook webpack
websocket webview wiki wifi win wordpress wpa wsdl xhr xml xmlns xpath xsrf yaml yml zip zookeeper accesskey
accesstoken apikey apitoken authkey authtoken clientid clientsecret confirmpassword currentpassword forgotpassword
newpassword oldpassword passphrase passwordfield privatekey publickey refreshtoken repassword resetpassword
secretkey showpassword textfield textbox inputfield subtitle varchar nvarchar datatype keypair keyfile metadata
onclick onchange tabindex viewport lastname firstname fullname nickname userpassword
"""

WORDS: frozenset[str] = wordset(_ENGLISH + _TECHNICAL)
"""Lower-case, ASCII."""

COMMON_PASSWORDS: frozenset[str] = wordset(
    """
    0000 00000 000000 00000000 0987654321 1111 11111 111111 1111111 11111111 112233 121212 123 123123 123321 1234
    12345 123456 1234567 12345678 123456789 1234567890 123654 123abc 123qwe 12341234 1q2w3e 1q2w3e4r 1q2w3e4r5t
    1qaz2wsx 1qazxsw2 222222 4321 54321 555555 654321 666666 696969 777777 7777777 87654321 888888 88888888 987654
    987654321 999999 abc123 abcd1234 abc12345 access admin admin1 admin12 admin123 admin1234 admin12345 admin@123
    administrator adminadmin adminpass adminpassword adminpwd alpine apache asdf asdfgh asdfghjkl asdf1234 azerty
    backup bailey baseball batman bitnami calvin charlie cisco computer daniel db2admin dbpass dbpassword default
    demo123 donald dragon elastic flower football freedom ftp ftpuser grafana guest guest123 hello hello123 hunter
    iloveyou jenkins jordan killer letmein letmein123 login loveme manager mariadb master master123 michael minio
    minio123 minioadmin mongo mustang mypass mypassword mysql mysqlpass mysqlpassword nagios neo4j nimda ninja
    nopass oracle p@55w0rd p@ssw0rd p@ssword pa$$w0rd pass pass1 pass12 pass123 pass1234 passme passpass passw0rd
    passwd password password! password0 password01 password1 password1! password12 password123 password123!
    password1234 passwort pgpass pgsql postgres postgres123 postgresql princess public pwd pwd123 q1w2e3 q1w2e3r4
    q1w2e3r4t5 qazwsx qazwsxedc qwer1234 qwerty qwerty1 qwerty12 qwerty123 qwertyuiop rabbitmq raspberry redis root
    root123 root1234 rootme rootpass rootpassword rootroot rootpw sa samsung secret secret1 secret123 secretpassword
    security service shadow sonar sonarqube starwars sunshine super superman superuser supersecret sysadmin system
    test test1 test12 test123 test1234 tester testing testpass testpassword testtest tigger tomcat toor trustno1
    ubnt ubuntu user user123 userpass userpassword vagrant welcome welcome1 welcome123 whatever wordpress zaq12wsx
    zaq1zaq1 zxcvbn zxcvbnm changeit keycloak
    """
)
"""Passwords that every guessing list starts with, and the defaults of common products. Lower-case."""
