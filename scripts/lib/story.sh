#!/bin/bash
# story.sh HOSTS ONE TWO NATS - what scripts/demo plays, on a laptop that knows the hosts as one.example, two.example
# and three.example. NATS is the address of a NATS server, on the third.
# shellcheck disable=SC2016 # commands are typed as they stand
set -uo pipefail
# shellcheck source=narrate.sh
. "$(dirname "$(readlink -f "$0")")/narrate.sh"
hosts=$1 one=$2 two=$3 nats=$4
cd "$HOME" || exit 1

staged() { # staged NAME STATE: what an administrator did to the host before our story begins
  "$hosts/state" "$1" "$2" | sed 's/^state: /  /' || fail "the state $2 could not be staged on $1"
}

chapter "1. A host from the shop, and a laptop"
tell "A new host: systemd, sshd, docker. We want to work from here: git clone, docker build, docker run."
run 'ssh core@one.example docker --version' 'Docker version'

chapter "2. The first pitfall: what the vendor's page tells you to do"
tell "Make docker-tcp.socket on 2375, enable it, restart docker:"
staged "$one" pitfall-1
tell "It works."
run 'docker -H tcp://one.example:2375 ps' 'CONTAINER ID'
tell "It works for everybody. Whoever reaches the port reads any file of the host, as root, with one command:"
run 'docker -H tcp://one.example:2375 run --rm -v /:/host tiny grep ^root: /host/etc/shadow' '^root:'

chapter "3. The second pitfall: TLS flags that are not heard"
tell "So TLS, on 2376. This stands in for the daemon of 2015, which did not apply its TLS flags to a socket" \
  "that systemd had handed to it:"
staged "$two" pitfall-2-2015
tell "The daemon has every flag:"
run 'ssh core@two.example ps -o args= -C dockerd' 'tlsverify.*tlscacert.*tlskey'
tell "A client with TLS does not get through:"
refused 'DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/certs docker -H tcp://two.example:2376 ps' \
  'first record does not look like a TLS handshake|HTTP response to HTTPS client|oversized record'
tell "And everybody without TLS does:"
run 'docker -H tcp://two.example:2376 ps' 'CONTAINER ID'

chapter "4. tetherdock up"
tell "It says what it will do and why, does it, and then tries the door from outside (without --yes it asks first):"
run 'tetherdock up core@one.example --yes' 'line one is up'
run 'tetherdock up core@two.example --yes' 'line two is up'

chapter "5. Now try again as somebody else"
refused 'docker -H tcp://one.example:2375 ps' 'Cannot connect to the Docker daemon'
refused 'docker -H tcp://one.example:2376 ps' 'HTTP request to an HTTPS server|Client sent an HTTP request'
refused 'docker -H tcp://two.example:2376 ps' 'HTTP request to an HTTPS server|Client sent an HTTP request'
refused 'curl --silent --show-error --insecure https://two.example:2376/version' 'certificate required|bad certificate|alert'

chapter "6. Work as if docker were here"
run 'eval "$(tetherdock env one)"'
run 'docker version --format "client {{.Client.Version}} here, server {{.Server.Version}} there"' 'server'
run 'git clone --quiet https://git.example/hello && cd hello'
run 'docker build --tag hello .' 'hello|naming to'
run 'docker run --detach --name hello --publish 8080:80 hello'
tell "The container runs on the host; so that is where it is to be seen:"
run 'curl --silent --retry 20 --retry-connrefused --retry-delay 1 http://one.example:8080/' 'hello from the host'
run 'docker exec hello hostname'
run 'docker rm --force hello' 'hello'
tell "The other host, as a context of the docker CLI:"
run 'eval "$(tetherdock env --unset)"'
run 'tetherdock context create two'
run 'docker --context two info --format "{{.Name}}"'
run 'tetherdock status' 'one +native +one.example:2376'
tell "Once more: nothing to do, nothing is restarted."
run 'tetherdock up core@one.example' 'nothing to do'

chapter "7. One key each: the gateway"
tell "One certificate for everybody is one too many? A gateway in front of docker knows who is calling:"
run 'tetherdock up core@two.example --gateway --yes' 'line two is up'
tell "Bob makes his key, and sends the public half. He may look, and nothing else:"
run 'mkdir -m 700 ~/bob && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ~/bob/key.pem 2>/dev/null && openssl pkey -in ~/bob/key.pem -pubout -out ~/bob/public.pem'
run 'tetherdock client add bob@desk --line two --role viewer --public-key ~/bob/public.pem --out ~/bob' 'bob@desk'
run 'DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/bob docker -H tcp://two.example:2376 ps' 'CONTAINER ID'
refused 'DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/bob docker -H tcp://two.example:2376 run tiny' 'viewer may not call ContainerCreate'
tell "Bob leaves. Nobody else notices:"
run 'tetherdock client revoke bob@desk --line two' 'bob@desk'
refused 'DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/bob docker -H tcp://two.example:2376 ps' 'revoked'
run 'docker --context two info --format "{{.Name}}"'
run 'tetherdock audit two --client bob@desk' 'ContainerCreate'
run 'tetherdock audit verify two'

chapter "8. One list for three hosts: a fleet"
tell "The other hosts get a gateway too. The list of who gets in comes from a NATS server, which nobody has to trust:"
run 'printf "%s\n" one three | xargs -P 2 -I % tetherdock up core@%.example --gateway --yes 2>&1 | grep -E "error|why|is up$"' "line three is up"
run "tetherdock fleet init acme --store nats://$nats --store-ca ~/nats/ca.pem" 'nats-server.conf'
run 'sed "s:cert.pem:server.pem:; s:/key.pem:/server-key.pem:" ~/.config/tetherdock/fleets/acme/nats-server.conf >~/nats/nats-server.conf'
run 'tar -C ~/nats -c nats-server.conf server.pem server-key.pem | ssh core@three.example "sudo tar -C /etc/nats -x && sudo systemctl start nats-server"'
run 'tetherdock fleet join one two three' 'three +2'
tell "A process on each host reads the store; it may use the network, and nothing else:"
run 'printf "%s\n" one two three | xargs -P 3 -I % tetherdock upgrade % --yes 2>&1 | grep -E "error|why|is up$"' "line three is up"
tell "Eva makes her key. She is added once, and works on every host:"
run 'mkdir -m 700 ~/key && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ~/key/key.pem 2>/dev/null && openssl pkey -in ~/key/key.pem -pubout -out ~/key/public.pem'
run 'tetherdock fleet client add eva@desk --role viewer --public-key ~/key/public.pem --out ~/eva' 'three +3'
for host in one two three; do
  run "cp ~/key/key.pem ~/eva/$host/ && DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/eva/$host docker -H tcp://$host.example:2376 info --format '{{.Name}}'"
done
tell "She leaves. Each host confirms that it refuses her key:"
run 'tetherdock fleet revoke eva@desk' 'three +4'
for host in one two three; do
  refused "DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/eva/$host docker -H tcp://$host.example:2376 ps" 'revoked'
done
run 'tetherdock fleet status' 'store nats://.*version 4'

chapter "9. tetherdock down"
tell "It puts back exactly what was there before. That was an open door, so it does not do so unasked:"
refused 'tetherdock down one --yes' 'open the Docker API to everybody'
run 'tetherdock down one --yes --reopen' 'line one is down'
refused 'tetherdock down two --yes' 'open the Docker API to everybody'
run 'tetherdock down two --yes --reopen' 'line two is down'
run 'docker -H tcp://one.example:2375 ps' 'CONTAINER ID'
chapter "That was the story, and all of it was true."
