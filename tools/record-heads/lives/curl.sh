# shellcheck shell=bash disable=SC2086,SC2154 # $C is one word or two; t is in ../record
# The API by hand, as scripts and READMEs have it.
u=https://${DOCKER_HOST#tcp://}
c() { t curl --silent --show-error --max-time 8 --output /dev/null --cacert "$DOCKER_CERT_PATH/ca.pem" --cert "$DOCKER_CERT_PATH/cert.pem" --key "$DOCKER_CERT_PATH/key.pem" "$@"; }
c "$u/_ping"
c --head "$u/_ping"
c --http2 "$u/version"
c "$u/v1.41/info"
c "$u/containers/json?all=1"
c --globoff "$u/containers/json?filters={\"status\":[\"running\"]}"
c --get --data-urlencode 'filters={"label":["a=b"]}' "$u/images/json"
c --request POST "$u/containers/create?name=curled" --header 'Content-Type: application/json' --data '{"Image":"tiny","Cmd":["true"]}'
c --request POST "$u/containers/curled/start"
c --data '' "$u/containers/curled/start"
c --json '{}' "$u/containers/curled/restart"
c --request POST "$u/containers/curled/wait"
c "$u/containers/curled/logs?stdout=1&follow=1"
c --request POST "$u/containers/curled/attach?stream=1&stdout=1"
c --request POST --no-buffer --header 'Connection: Upgrade' --header 'Upgrade: tcp' "$u/containers/curled/attach?stream=1&stdout=1"
head -c 3000000 /dev/zero >big; tar -cf context.tar big
c --request POST "$u/build?t=curled" --header 'Content-Type: application/x-tar' --data-binary @context.tar
c --request POST "$u/build?t=curled" --header 'Content-Type: application/x-tar' --header 'Transfer-Encoding: chunked' --data-binary @context.tar
c --upload-file context.tar "$u/containers/curled/archive?path=/tmp"
c --request POST --upload-file - "$u/images/load" <context.tar
c --head "$u/containers/curled/archive?path=/tmp"
c --max-time 2 "$u/events"
c --header 'X-Registry-Auth: e30=' --request POST "$u/images/create?fromImage=localhost:5000/x&tag=y"
c --compressed "$u/containers/curled/json"
c --header 'Connection: close' "$u/info"
c --request DELETE "$u/containers/curled?force=1&v=true"
