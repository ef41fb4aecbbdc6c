// Python in a worker: it starts once, tells how far it is, and then answers one request after another.
const tell = (stage, part = null) => postMessage({ stage, part });
const plain = self.fetch;
const at = (name) => new URL(name, import.meta.url).href;

// What is fetched is counted; a type is kept, for WebAssembly is compiled while it comes only by its type.
function count(total) {
  let arrived = 0;
  self.fetch = async (...request) => {
    const answer = await plain(...request);
    const counter = new TransformStream({
      transform(chunk, stream) {
        arrived += chunk.byteLength;
        tell("Fetching Python and SymPy", Math.min(arrived / total, 1));
        stream.enqueue(chunk);
      },
    });
    return new Response(answer.body?.pipeThrough(counter), answer);
  };
}

async function start() {
  const answer = await fetch(at(`python.json${new URL(import.meta.url).search}`));
  const { pyodide, archives, bytes, numpy } = await answer.json();
  count(bytes);
  const fetched = archives.map((name) => fetch(at(name)).then((found) => found.arrayBuffer()));
  const { loadPyodide } = await import(at(`${pyodide}pyodide.mjs`));
  const environment = { HOME: "/", PYTHONHASHSEED: "0" };
  const python = await loadPyodide({ indexURL: at(pyodide), packageBaseUrl: numpy.from, env: environment });
  tell("Unpacking SymPy");
  const unpack = (archive) => python.unpackArchive(archive, "zip", { extractDir: "/lib/book" });
  (await Promise.all(fetched)).forEach(unpack);
  self.fetch = plain;
  python.runPython("import sys; sys.path.append('/lib/book')");
  tell("Loading SymPy");
  python.runPython("import sympy");
  tell("Loading the theorems");
  python.runPython("import logitgrad.exercises");
  const page = python.pyimport("in_page");
  return {
    numpy,
    page: (task, request) => JSON.parse(page[task](JSON.stringify(request))),
    fetchNumPy: () => fetchNumPy(python, numpy, unpack),
  };
}

// From another host, which is why a reader is asked first; Pyodide refuses what has not the digest that it knows.
async function fetchNumPy(python, { library }, unpack) {
  tell("Fetching NumPy");
  const archive = fetch(at(library)).then((found) => found.arrayBuffer());
  const said = [];
  await python.loadPackage("numpy", { errorCallback: (message) => said.push(message) });
  if (!("numpy" in python.loadedPackages)) throw new Error(`NumPy could not be fetched: ${said.join(" ")}`);
  unpack(await archive);
  python.runPython("import importlib; importlib.invalidate_caches()");
  tell("Loading NumPy");
  python.runPython("import numpy");
  return true;
}

const ready = start();
ready.then(
  ({ numpy }) => postMessage({ ready: true, numpy }),
  (error) => postMessage({ failed: error.message }),
);

onmessage = async ({ data: { number, task, request } }) => {
  const python = await ready;
  try {
    const result = task === "fetch" ? await python.fetchNumPy() : python.page(task, request);
    postMessage({ number, result });
  } catch (error) {
    postMessage({ number, error: error.message });
  }
};
