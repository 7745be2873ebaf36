"""Carry what makes a PDF accessible, its tags, over into a book that is bound of several PDFs.

The tags of a PDF are a tree of elements (heading, paragraph, figure). A sheet and each of its links
has a number under which a second tree, the parent tree, finds its elements; the numbers of every
part begin at 0, so those of later parts are raised (ISO 32000-1, 14.7).
"""

from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)


def carry(book, parts):
    """Give the book the tags of its parts, a list of (reader, the sheets in the book)."""
    root = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
    tree, kids, numbers = book._add_object(root), ArrayObject(), ArrayObject()
    first = 0
    for reader, sheets in parts:
        tags = reader.root_object["/StructTreeRoot"].clone(book)
        document = book._add_object(tags["/K"])
        document.get_object()[NameObject("/P")] = tree
        for child in _listed(document.get_object()["/K"]):
            child.get_object()[NameObject("/P")] = document
        kids.append(document)
        for number, elements in _pairs(tags["/ParentTree"].get_object()):
            numbers += [NumberObject(first + number), elements]
        _number(sheets, reader.pages, first)
        first += int(tags["/ParentTreeNextKey"])
    parents = DictionaryObject({NameObject("/Nums"): numbers})
    root[NameObject("/K")] = kids
    root[NameObject("/ParentTree")] = book._add_object(parents)
    root[NameObject("/ParentTreeNextKey")] = NumberObject(first)
    marked = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
    book.root_object[NameObject("/StructTreeRoot")] = tree
    book.root_object[NameObject("/MarkInfo")] = marked
    book.root_object[NameObject("/Lang")] = TextStringObject("en")


def _listed(kids):
    kids = kids.get_object()
    return kids if isinstance(kids, ArrayObject) else [kids]


def _pairs(tree):
    """Yield the numbers and entries of a number tree, which may have branches."""
    for branch in tree.get("/Kids", []):
        yield from _pairs(branch.get_object())
    flat = tree.get("/Nums", [])
    yield from zip(flat[::2], flat[1::2], strict=True)


def _number(sheets, originals, first):
    """Give sheets, which lost them on the way, and links their numbers in the parent tree."""
    for sheet, original in zip(sheets, originals, strict=True):
        sheet[NameObject("/StructParents")] = original["/StructParents"]
        links = [link.get_object() for link in sheet.get("/Annots", [])]
        for owner, name in [
            (sheet, "/StructParents"),
            *((link, "/StructParent") for link in links),
        ]:
            if name in owner:
                owner[NameObject(name)] = NumberObject(first + int(owner[name]))
