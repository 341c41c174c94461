export { type CiLogin, ciLogin } from "./ci-login.ts";
export type { CiLoginPorts, JobPort } from "./ports.ts";
