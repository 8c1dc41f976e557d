// Runs every check that the module exports and says which failed: `node run.mjs MODULE`.
import { readFileSync } from "node:fs";

const text = (pointer, length) => new TextDecoder().decode(new Uint8Array(exports.memory.buffer, pointer, length));
let said = "";
const host = { say: (pointer, length) => { said += text(pointer, length) + "\n"; } };
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
let exports, failed = 0;
const checks = WebAssembly.Module.exports(module).map(({ name }) => name).filter((name) => name.startsWith("check_"));
for (const name of checks) {
    // Anew for each, as what has panicked is in no state to go on.
    exports = new WebAssembly.Instance(module, { host }).exports;
    said = "";
    try {
        exports[name]();
        console.log(`${name} ok`);
    } catch (error) {
        failed += 1;
        console.log(`${name} FAILED: ${error.message}\n${said}`);
    }
}
console.log(`WebAssembly: ${checks.length - failed} of ${checks.length} checks passed`);
process.exit(failed === 0 && checks.length > 0 ? 0 : 1);
