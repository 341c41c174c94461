/** Contexts and hosts by ssh://. */
import type { Topic } from "../entry.ts";

const GUARDED = "ssh did not connect; docker was not reached.";

export const sshFailed: Topic = {
  id: "ssh-failed",
  cause:
    "The docker CLI reaches ssh:// hosts by running ssh, and ssh, or docker on the other side, ended early. The text after stderr= says more.",
  danger: "closed",
  consequence: GUARDED,
  fix: [
    "ssh -v {destination} docker version",
    "tetherdock up {destination} # with a line, commands do not need ssh",
  ],
  reference:
    "https://docs.docker.com/engine/security/protect-access/#use-ssh-to-protect-the-docker-daemon-socket",
  general: true,
};

export const sshDenied: Topic = {
  id: "ssh-denied",
  cause: "The host does not accept the keys that this ssh user offered.",
  danger: "closed",
  consequence: GUARDED,
  fix: ["ssh -v {destination} true", "ssh-add -l"],
  reference: "sshd(8), AUTHENTICATION",
};

export const sshHostKey: Topic = {
  id: "ssh-host-key",
  cause: "ssh does not know the host's key, or the key has changed, and ssh could not ask.",
  danger: "check",
  consequence:
    "If the host was not reinstalled, somebody may be intercepting the connection. Verify the fingerprint another way before you accept it.",
  fix: [
    "ssh {destination} true # in a terminal: shows the fingerprint and asks",
    "# on the host's console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
  ],
  reference: "ssh(1), VERIFYING HOST KEYS",
};

export const sshUnreached: Topic = {
  id: "ssh-unreachable",
  cause: "ssh could not reach the host: wrong name, address or port, host down, or a firewall.",
  danger: "closed",
  consequence: GUARDED,
  fix: ["ssh -v {destination} true", "ssh -G {destination} | grep -E '^(hostname|port|user|proxyjump) '"],
  reference: "ssh_config(5)",
};

export const remoteDockerMissing: Topic = {
  id: "no-docker-cli-on-the-host",
  cause:
    "ssh:// runs the docker CLI on the host, and there is none in the PATH of a non-interactive shell, or one older than 18.09.",
  danger: "closed",
  consequence: "ssh connected; docker was not reached.",
  fix: [
    "ssh {destination} 'command -v docker; echo $PATH'",
    "tetherdock up {destination} # a line needs no docker CLI on the host",
  ],
  reference: "https://github.com/docker/cli/blob/master/cli/connhelper/connhelper.go",
};
