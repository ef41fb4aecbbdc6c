// Runs the program that compiles modules, in the Python that will run them: node compile.mjs PROGRAM PYODIDE SOURCE TARGET
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

// Node would print the line that threw, which is all of Pyodide.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

const [program, pyodide, source, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(pyodide));
// A seed, or sets of constants would come out in another order each time.
const python = await loadPyodide({ env: { HOME: "/", PYTHONHASHSEED: "0" } });
python.FS.writeFile("/source.zip", readFileSync(source));
python.runPython(readFileSync(program, "utf8"));
writeFileSync(target, python.FS.readFile("/target.zip"));
