# shellcheck shell=bash disable=SC2086,SC2154 # $C is one word or two; t is in ../record
# What people do with the docker CLI. Sourced in a folder of its own with DOCKER_HOST set; `t` bounds each command.
t docker version
t docker info
t docker system df -v
t docker images --filter dangling=false --no-trunc
t docker run --rm tiny echo hello
t docker run --rm -i tiny cat </etc/hostname
t docker run --rm -it tiny true
t script -qec 'docker run --rm -it tiny sh -c "stty size"' /dev/null
t docker run -d --name web --label team=a --env A=b --publish 127.0.0.1:0:80 --volume data:/data --restart no tiny sleep 600
t docker create --name spare --health-cmd true tiny sleep 1
t docker ps --all --size --filter status=running --filter label=team=a --format '{{.Names}}'
t docker inspect web spare tiny
t docker inspect --type volume data
t docker logs --tail 5 --timestamps --since 10m web
timeout -k 1 2 docker logs --follow web
t docker exec web true
t docker exec -i web cat </etc/hostname
t script -qec 'docker exec -it --env X=y --workdir /tmp web sh -c "stty size"' /dev/null
t docker exec -d web true
timeout -k 1 2 docker attach --no-stdin web
t docker top web
t docker stats --no-stream web
timeout -k 1 3 docker stats
t docker port web
t docker diff web
echo hello >file
t docker cp file web:/tmp/file
t docker cp web:/tmp/file copy
t docker cp web:/tmp - >/dev/null
t docker rename spare reserve
t docker update --restart unless-stopped web
t docker pause web
t docker unpause web
t docker commit --message m web web-image:one
t docker tag web-image:one localhost:5000/web:one
t docker push localhost:5000/web:one
t docker pull localhost:5000/web:one
t docker login --username me --password-stdin localhost:5000 <<<secret
t docker search --limit 1 localhost:5000/web
t docker manifest inspect --insecure localhost:5000/web:one
t docker history web-image:one
t docker save --output saved.tar tiny web-image:one
t docker load --input saved.tar
t docker load --quiet <saved.tar
t docker export --output exported.tar web
t docker cp - web:/tmp <exported.tar
t docker import --change 'CMD ["sh"]' exported.tar imported:one
t docker import - imported:two <exported.tar
timeout -k 1 2 docker events
t docker events --since 1h --until 0s --filter type=container --format '{{json .}}'
t docker wait reserve &
t docker start reserve
t docker start --attach reserve
t docker restart --time 0 web
t docker kill --signal HUP web
t docker stop --time 0 web
t docker network create --driver bridge --label team=a --subnet 10.99.0.0/24 net
t docker network ls --filter driver=bridge
t docker network connect --alias w net web
t docker network inspect net
t docker network disconnect --force net web
t docker network rm net
t docker volume create --label team=a more
t docker volume ls --filter dangling=true
t docker volume inspect data
t docker volume rm more
t docker plugin ls
t docker plugin inspect none
t docker plugin install --grant-all-permissions localhost:5000/none
t docker checkpoint ls web
t docker context create other --docker "host=$DOCKER_HOST,ca=$DOCKER_CERT_PATH/ca.pem,cert=$DOCKER_CERT_PATH/cert.pem,key=$DOCKER_CERT_PATH/key.pem"
DOCKER_HOST='' t docker --context other ps
t docker swarm init --advertise-addr 127.0.0.1
t docker node ls
t docker node inspect self
t docker node update --label-add a=b "$(docker node ls -q)"
t docker config create conf file
t docker config ls
t docker config inspect conf
echo secret | t docker secret create sec -
t docker secret ls
t docker secret inspect sec
t docker service create --detach --name srv --replicas 1 --secret sec --config conf tiny sleep 60
t docker service ls
t docker service ps srv
t docker service inspect srv
t docker service logs srv
t docker service scale --detach srv=2
t docker service update --detach --env-add A=b srv
t docker service rollback --detach srv
printf 'version: "3"\nservices:\n  a:\n    image: tiny\n    command: sleep 60\n' >stack.yml
t docker stack deploy --detach=true --compose-file stack.yml st
t docker stack deploy --compose-file stack.yml st
t docker stack ls
t docker stack ps st
t docker stack services st
t docker stack rm st
t docker service rm srv
t docker secret rm sec
t docker config rm conf
t docker swarm join-token worker
t docker swarm unlock-key
t docker swarm update --cert-expiry 720h
t docker swarm ca
t docker swarm join --token x 127.0.0.1:2377
t docker swarm leave --force
mkdir -p context && printf 'FROM tiny\nARG A=b\nCOPY f /f\nRUN cat /f\nLABEL l=%s\n' "$RANDOM" >context/Dockerfile && date >context/f
DOCKER_BUILDKIT=0 t docker build --tag classic --build-arg A=c --label x=y --no-cache context
DOCKER_BUILDKIT=0 t docker build --tag classic2 --file context/Dockerfile --quiet context
DOCKER_BUILDKIT=0 t docker build - <context/Dockerfile
DOCKER_BUILDKIT=1 t docker build --tag kit --build-arg A=c --progress plain context
t docker builder prune --force --filter until=24h
t docker rm --force --volumes web reserve
t docker rmi --force web-image:one imported:one imported:two classic classic2 kit localhost:5000/web:one
t docker container prune --force
t docker image prune --force --all --filter label=none
t docker network prune --force
t docker volume prune --force
t docker system prune --force
