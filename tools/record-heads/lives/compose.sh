# shellcheck shell=bash disable=SC2086,SC2154 # $C is one word or two; t is in ../record
# A project's day with compose; $C is the command, for both generations.
mkdir -p app && printf 'FROM tiny\nCOPY f /f\n' >app/Dockerfile && date >app/f
cat >docker-compose.yml <<'Y'
version: "3.7"
services:
  web:
    build: app
    image: compose-web
    command: sleep 600
    environment: [A=b]
    volumes: [data:/data]
    networks: [front]
    depends_on: [db]
    ports: ["127.0.0.1:0:80"]
  db:
    image: tiny
    command: sleep 600
    networks: [front]
volumes: {data: {}}
networks: {front: {}}
Y
t $C config
t $C version
t $C build
t $C build --no-cache web
t $C pull --ignore-pull-failures db
t $C push web
t $C up -d --build
t $C up -d
t $C ps
t $C ps -a
t $C images
t $C top
t $C port web 80
t $C logs --tail 3
timeout -k 1 3 $C logs -f
t $C exec -T web true
t script -qec "$C exec web stty size" /dev/null
t $C run --rm -T web true
t script -qec "$C run --rm web stty size" /dev/null
t $C run -d --name once web sleep 5
t $C up -d --scale db=2
t $C pause web
t $C unpause web
t $C restart -t 0 web
t $C stop -t 0 db
t $C start db
t $C kill web
timeout -k 1 3 $C events --json
t $C create
t $C up -d --force-recreate
timeout -k 1 4 $C up
t $C rm -sf db
t $C down -v --remove-orphans --rmi local
