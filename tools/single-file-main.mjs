/**
 * What a single file starts with: the built package's modules lie in it as assets, and are loaded when a command wants
 * them, as from the package. All of it as one module takes 75 ms more at every start.
 */
import { createRequire, registerHooks } from "node:module";
import { getAsset } from "node:sea";
import { pathToFileURL } from "node:url";

/** As if the modules lay below the executable: nothing else can. */
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

// `import()` of a single file's first module knows only what is built into Node.
const { start } = createRequire(process.execPath)(`${inside}start.js`);
process.exitCode = await start(process.argv.slice(2));
