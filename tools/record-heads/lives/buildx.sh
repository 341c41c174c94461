# shellcheck shell=bash disable=SC2086,SC2154 # $C is one word or two; t is in ../record
# Builds with buildx: the engine's own builder, bake, other drivers. There is no registry and no BuildKit image here.
mkdir -p context && printf 'FROM tiny AS base\nARG A=b\nCOPY f /f\nRUN --mount=type=secret,id=s --mount=type=cache,target=/c cat /f\nFROM base\nCOPY --from=base /f /g\n' >context/Dockerfile && date >context/f
cat >docker-bake.hcl <<'B'
group "default" { targets = ["one", "two"] }
target "one" {
  context = "context"
  tags = ["bake:one"]
}
target "two" {
  inherits = ["one"]
  tags = ["bake:two"]
  args = { A = "c" }
}
B
t docker buildx version
t docker buildx ls
t docker buildx inspect --bootstrap
echo s >secret
t docker buildx build --tag x:one --secret id=s,src=secret --label a=b --progress plain context
t docker buildx build --tag x:one --load --iidfile iid --metadata-file meta context
t docker buildx build --output type=local,dest=out context
t docker buildx build --output type=tar,dest=out.tar context
t docker buildx build --quiet --no-cache --pull=false --target base context
t docker buildx build --cache-to type=inline --tag x:two context
t docker buildx build --platform linux/amd64 --attest type=sbom,disabled=true --provenance=false context
t docker buildx build --build-context other=context --call check context
t docker buildx build - <context/Dockerfile
ssh-keygen -q -t ed25519 -N '' -f key; eval "$(ssh-agent)" >/dev/null; ssh-add -q key
t docker buildx build --ssh default context
kill "$SSH_AGENT_PID"
t docker buildx bake --print
t docker buildx bake
t docker buildx du --verbose
t docker buildx history ls
t docker buildx history inspect
t docker buildx history logs
t docker buildx history rm --all
t docker buildx prune --force
t docker buildx imagetools inspect localhost:5000/none
t docker context create buildctx --docker "host=$DOCKER_HOST,ca=$DOCKER_CERT_PATH/ca.pem,cert=$DOCKER_CERT_PATH/cert.pem,key=$DOCKER_CERT_PATH/key.pem"
t docker buildx create --name container --driver docker-container --driver-opt image=localhost:5000/buildkit buildctx
t docker buildx inspect --bootstrap container
t docker buildx build --builder container context
t docker buildx create --name withnode --driver docker-container --driver-opt image=tiny buildctx
t docker buildx build --builder withnode context
t docker buildx create --name far --driver remote tcp://127.0.0.1:1
t docker buildx inspect far
t docker buildx stop container
t docker buildx rm container withnode far
t docker buildx dial-stdio </dev/null
t docker image rm x:one x:two bake:one bake:two
