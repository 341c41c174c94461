/**
 * What builds may be made from. The engine itself fetches the sources of a Dockerfile's ADD, from the host's network
 * namespace: it would reach services that listen on 127.0.0.1. A source policy goes with every build; the engine checks each
 * source by it, whatever the Dockerfile says.
 * @see moby/buildkit, sourcepolicy/engine.go: the last rule that matches decides
 */
import type { Message } from "./wire.ts";

const ALLOW = 0n;
const DENY = 1n;
const REGEX = 2n;

const rule = (action: bigint, identifier: string): Message => ({
  action,
  selector: { identifier, match_type: REGEX },
});

export const SOURCE_POLICY: Message = {
  version: 1n,
  rules: [rule(DENY, "(?s).*"), rule(ALLOW, "^docker-image://"), rule(ALLOW, "^local://")],
};
