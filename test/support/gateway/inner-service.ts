/** A service of a host that listens on 127.0.0.1, and what a build needs to reach it in every way. */
import { expect } from "vitest";
import { INNER, INNER_SECRET } from "../../escapes/builds.ts";
import type { GatewayLine } from "./line-on-host.ts";

/** The hosts have no git: they get this machine's, with its libraries, where the engine looks for programs. */
const GIT = `
mkdir -p root/opt/git root/usr/local/bin; cd root/opt/git
cp -L "$(command -v git)" git; cp -L "$(git --exec-path)/git-remote-http" http
cp -L $(ldd git http | grep -o '/[^ ]*' | sort -u) .
loaded='exec /opt/git/ld-linux-*.so.* --library-path /opt/git /opt/git'
printf '#!/bin/sh\nexport GIT_EXEC_PATH=/opt/git/exec\n%s/git "$@"\n' "$loaded" >../../usr/local/bin/git
printf '#!/bin/sh\n%s/git upload-pack "$@"\n' "$loaded" >../../usr/local/bin/git-upload-pack
mkdir exec; printf '#!/bin/sh\n%s/http "$@"\n' "$loaded" >exec/git-remote-http
printf '#!/bin/sh\n' >exec/git-submodule # a script of Perl and more; the repository has none
chmod +x exec/* ../../usr/local/bin/*`;

const FILES = `
mkdir -p root/srv/inner; cd root/srv/inner
printf '${INNER_SECRET}' >secret; printf 'FROM tiny\nRUN echo built from the host\n' >Dockerfile
git init -q -b main work; cp secret Dockerfile work; cd work; git add .
git -c user.name=x -c user.email=x@example.org commit -qm x
git clone -q --bare . ../repo.git; cd ../repo.git; git update-server-info; rm -rf ../work`;

/** Keeps where the engine has its images (state `containerd-images`). */
const SERVE = `
features=$(grep '"features"' /etc/docker/daemon.json || :)
echo '{"builder":{"entitlements":{"network-host":true,"security-insecure":true}}'"\${features:+,$features}}" >/etc/docker/daemon.json
systemctl restart docker
systemd-run -q busybox httpd -f -p ${new URL(INNER).host} -h /srv/inner
curl -fsS --retry 50 --retry-delay 1 --retry-connrefused ${INNER}/secret`;

/** Starts it, and has the engine grant whatever an admin asks for. */
export async function serveInner({ host, laptop }: GatewayLine): Promise<void> {
  const { status, stderr } = await laptop.bash(`(${GIT})
    (${FILES})
    tar -c -C root . | ssh ${host.user}@${host.name} tar -x -C / --no-same-owner`);
  expect(status, stderr).toBe(0);
  expect(await host.root(SERVE)).toBe(INNER_SECRET);
}
