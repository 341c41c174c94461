/** One change as one step: a title for the user and a script for the host. */
import { shellQuote } from "../../base/index.ts";
import { DOCKER_SERVICE } from "../../facts/index.ts";
import { hereDocument, transactionFolder } from "../journal/transaction.ts";
import type { Change, Plan } from "../plan/change.ts";

/** What the host is to run, and what to call it. */
export interface Step {
  readonly title: string;
  readonly script: string;
}

// Whole or not at all: temporary file in the same folder, flushed, renamed.
function writeScript(path: string, text: string, mode: string, owner: string): string {
  const target = shellQuote(path);
  const temporary = shellQuote(`${path}.tetherdock-new`);
  return `set -e; umask 022; mkdir -p "$(dirname ${target})"
(umask 077; cat >${temporary} ${hereDocument(text)})
chmod ${mode} ${temporary}; chown ${owner} ${temporary}
sync ${temporary} 2>/dev/null || sync
mv -f ${temporary} ${target}`;
}

function linkScript(path: string, target: string): string {
  return `umask 022; mkdir -p "$(dirname ${shellQuote(path)})" && ln -s ${shellQuote(target)} ${shellQuote(path)}`;
}

/** Makes a P-256 key with what the host has, 0600 from birth, and prints its public half. */
function keyScript(path: string): string {
  const key = shellQuote(path);
  const fresh = shellQuote(`${path}.tetherdock-new`);
  return `set -e; umask 077; mkdir -p "$(dirname ${key})"; rm -f ${fresh} ${fresh}.pub
if command -v openssl >/dev/null; then openssl ecparam -name prime256v1 -genkey -noout -out ${fresh}
else ssh-keygen -q -t ecdsa -b 256 -m PEM -N '' -C '' -f ${fresh} </dev/null; rm -f ${fresh}.pub; fi
sync ${fresh} 2>/dev/null || sync
mv -f ${fresh} ${key}
openssl pkey -in ${key} -pubout 2>/dev/null || ssh-keygen -e -m PKCS8 -f ${key}`;
}

/**
 * @param certificate the signed certificate, for a `certificate` change
 */
export function stepFor(change: Change, certificate: string): Step {
  const { path } = change;
  switch (change.kind) {
    case "key":
      return { title: `make the key ${path}`, script: keyScript(path) };
    case "certificate":
      return { title: `write the certificate ${path}`, script: writeScript(path, certificate, "644", "0:0") };
    case "remove":
      return { title: `remove ${path}`, script: `rm -f ${shellQuote(path)}` };
    case "link":
      return {
        title: `link ${path} to ${change.target}`,
        script: linkScript(path, change.target),
      };
    case "write": {
      const { before, after, mode } = change;
      const script = writeScript(path, after, before?.mode ?? mode, before?.owner ?? "0:0");
      return { title: `${before ? "change" : "write"} ${path}`, script };
    }
  }
}

/** Restarts docker with what the files say now; prints the uptime before and after, for the figures. */
export function restartStep(plan: Plan, number: number): Step {
  const stop = [...plan.stopSockets, ...plan.restartSockets].map(shellQuote).join(" ");
  const again = plan.restartSockets.map(shellQuote).join(" ");
  return {
    title: "restart docker",
    script: `: >${transactionFolder(number)}/restarting; sync ${transactionFolder(number)} 2>/dev/null || sync
systemctl daemon-reload || exit
systemctl reset-failed ${DOCKER_SERVICE} 2>/dev/null
cut -d' ' -f1 /proc/uptime
${stop === "" ? "" : `systemctl stop ${DOCKER_SERVICE} ${stop} || exit`}
${again === "" ? "" : `systemctl start ${again} || exit`}
systemctl restart ${DOCKER_SERVICE} || { status=$?; journalctl -q -n 20 --no-pager -o cat -u ${DOCKER_SERVICE} >&2; exit $status; }
cut -d' ' -f1 /proc/uptime`,
  };
}
