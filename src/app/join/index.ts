export { type JoinedLine, type JoinOptions, join } from "./join.ts";
export { joinNative, type NativeJoinPorts } from "./native-join.ts";
export { type NativeKeys, type NativeRequestMade, requestNative } from "./native-request.ts";
export type { JoinPort, JoinPorts, WaitingRequest } from "./ports.ts";
export { isPinned, provenCa } from "./proven-ca.ts";
