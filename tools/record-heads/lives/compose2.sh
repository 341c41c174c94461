# shellcheck shell=bash disable=SC2086,SC2154 # $C is one word or two; t is in ../record
# What only compose v2 has.
cat >compose.yaml <<'Y'
services:
  web:
    build: {context: app}
    image: compose-web
    command: sleep 600
    healthcheck: {test: "true", interval: 1s}
    develop:
      watch:
        - {action: sync, path: app, target: /app}
        - {action: rebuild, path: app/Dockerfile}
  db:
    image: tiny
    command: sleep 600
    depends_on: {web: {condition: service_healthy}}
Y
rm -f docker-compose.yml
t $C up -d --wait
t $C ls --all
t $C stats --no-stream
t $C cp app/f web:/f
t $C cp web:/f copied
timeout -k 1 2 $C attach --no-stdin web
t $C export -o exported.tar web
t $C commit web committed
t $C volumes
t $C publish --dry-run localhost:5000/app
(sleep 3; date >app/f; sleep 3; echo '# x' >>app/Dockerfile) &
timeout -k 1 12 $C watch --no-up
timeout -k 1 8 $C up --watch
timeout -k 1 3 $C wait db
COMPOSE_BAKE=true t $C build
t $C --dry-run up -d
t $C down -t 0 -v --rmi local
