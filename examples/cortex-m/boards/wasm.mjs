// Runs a program that was compiled to WebAssembly, and prints its text: node wasm.mjs program.wasm
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {
    host: { write: (text, length) => process.stdout.write(new Uint8Array(instance.exports.memory.buffer, text, length).slice()) },
});
instance.exports.main();
