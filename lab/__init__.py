"""The live lab: the paper's network trained in the reader's browser, with no kernel and no server.

One JavaScript source serves the rendered page, JupyterLab and Colab: `worker/` trains, `page/`
asks and shows, `dot/` asks for one run and puts it on a picture, `row/` makes a stored run again,
`shared/` is known to all. They are modules; `sources` makes one text of them, since a page opened
from a disk, and a notebook, load no second file. `widgets` brings `dot/` and `row/` into a
notebook, as `grokutils.show` does `page/`; `field_links` has the fields of a map open runs.
`address` checks what a link of the book asks of the lab; `wasm_loops` has the inner loops once
more, in WebAssembly, which `wasm_assembler` puts together. Nothing is imported here, so that a link
alone does not stand on all of these. `npm run check` here checks the JavaScript.
"""
