"""What the kernel of a chapter is told, on every machine alike: the Makefile sets IPYTHONDIR."""

c = get_config()  # noqa: F821
c.InlineBackend.figure_formats = {"png"}
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight"}
c.InlineBackend.rc = {}
c.HistoryManager.enabled = False  # it would write here
