/** Operations whose answer is a log. */
import type { Operation } from "./operation.ts";

const LOGS: ReadonlySet<string> = new Set(["ContainerLogs", "ServiceLogs", "TaskLogs"]);

export const isLog = ({ name }: Pick<Operation, "name">): boolean => LOGS.has(name);
