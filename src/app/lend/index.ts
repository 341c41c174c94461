export { type Loan, lend, type Returned } from "./lend.ts";
export type { LendPorts, LentFolder } from "./ports.ts";
