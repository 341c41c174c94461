/**
 * The start module of the single file. The built package's modules are assets in it, and are loaded when a command
 * needs them, as from the package. As one module they would take 75 ms more at every start.
 */
import { createRequire, registerHooks } from "node:module";
import { getAsset } from "node:sea";
import { pathToFileURL } from "node:url";

/** As if the modules were below the executable, where no other files can be. */
const inside = `${pathToFileURL(process.execPath).href}/`;

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith(".") && !specifier.startsWith(inside)) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith(inside)) return next(url, context);
    return { source: getAsset(url.slice(inside.length), "utf8"), format: "module", shortCircuit: true };
  },
});

// `import()` in a single file's first module only finds what is built into Node.
const { start } = createRequire(process.execPath)(`${inside}start.js`);
process.exitCode = await start(process.argv.slice(2));
