export { type CiLogin, ciLogin, parsePin } from "./ci-login.ts";
export type { CiLoginPorts, JobPort } from "./ports.ts";
