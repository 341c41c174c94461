/** `tetherdock policy schema`: the JSON Schema of role files. */
import { roleFileSchema } from "../../policy/index.ts";
import type { Context } from "../context.ts";

export async function policySchema(this: Context): Promise<void> {
  this.stdout.json(roleFileSchema());
}
