export { type Protected, protectKey, unprotectKey } from "./protect.ts";
