// Python in a worker: it starts once, tells how far it is, and then answers one request after another.
const tell = (stage, part = null) => postMessage({ stage, part });
const at = (name) => new URL(name, import.meta.url).href;

// What is fetched is counted; a type is kept, for WebAssembly is compiled while it comes only by its type.
function count(total) {
  const plain = self.fetch;
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
  const { pyodide, archives, bytes } = await answer.json();
  count(bytes);
  const fetched = archives.map((name) => fetch(at(name)).then((found) => found.arrayBuffer()));
  const { loadPyodide } = await import(at(`${pyodide}pyodide.mjs`));
  const python = await loadPyodide({ indexURL: at(pyodide), env: { HOME: "/", PYTHONHASHSEED: "0" } });
  tell("Unpacking SymPy");
  for (const archive of await Promise.all(fetched)) {
    python.unpackArchive(archive, "zip", { extractDir: "/lib/book" });
  }
  python.runPython("import sys; sys.path.append('/lib/book')");
  tell("Loading SymPy");
  python.runPython("import sympy");
  tell("Loading the theorems");
  python.runPython("import logitgrad.exercises");
  return python.pyimport("in_page");
}

const ready = start();
ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: error.message }),
);

onmessage = async ({ data: { number, task, request } }) => {
  const page = await ready;
  try {
    postMessage({ number, result: JSON.parse(page[task](JSON.stringify(request))) });
  } catch (error) {
    postMessage({ number, error: error.message });
  }
};
