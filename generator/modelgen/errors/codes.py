"""The codes of errors, a row for each: what it means, and what to do. `docs/errors.md` is made of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One row. `subject` is what the error is about: a section of the page."""

    code: str
    subject: str
    meaning: str
    remedy: str


_ROWS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "Reading a document": (
        ("file-missing", "There is no such file or revision.", "Check the path."),
        (
            "file-unreadable",
            "The file, or the git repository, cannot be read.",
            "Check the path and its permissions.",
        ),
        ("fetch-failed", "A URL gave no document.", "Check the URL and the network; try again."),
        (
            "fetch-forbidden",
            "A URL is not https, contains a password, or leads to an address that is not public.",
            "Use a public https URL; `--allow-private-hosts` allows private addresses, and http to this machine.",
        ),
        (
            "overlay-invalid",
            "A file that is given as an OpenAPI Overlay is none.",
            "Correct what the message names; [the guide](guide.md#mending-a-document) has an example.",
        ),
        (
            "overlay-path",
            "A target of an overlay is not a JSONPath of RFC 9535.",
            "Correct it; a name that is not a plain word stands in brackets and quotes.",
        ),
        (
            "overlay-target",
            "A target of an overlay selects nothing: the document is not, or no longer, what the overlay is about.",
            "Correct the target, or remove the action.",
        ),
        (
            "overlay-unfit",
            "What an overlay gives does not fit what its target is.",
            "Remove with an action of its own what is to be replaced by something of another kind.",
        ),
        (
            "too-large",
            "The document is too large to be read.",
            "Split it, or remove what is not part of the API.",
        ),
        (
            "too-deep",
            "Values, or schemas, are nested too deep.",
            "Move inner schemas into `components.schemas` and refer to them.",
        ),
        (
            "alias-bomb",
            "Written out, the YAML aliases would be too many values.",
            "Use `$ref` instead of aliases of aliases.",
        ),
        ("encoding-invalid", "The document is not UTF-8.", "Save it as UTF-8."),
        (
            "control-character",
            "The document contains a character that YAML does not allow.",
            "Remove it, or write it as an escape in double quotes.",
        ),
        (
            "surrogate",
            "A text contains half of a surrogate pair.",
            "Write the whole pair, or the character itself.",
        ),
        (
            "yaml-syntax",
            "The document is not valid YAML.",
            "Check the line that is shown, and the one before it.",
        ),
        (
            "json-syntax",
            "The document is not valid JSON.",
            "Check the line that is shown, and the one before it.",
        ),
        (
            "key-invalid",
            "A key of a YAML mapping is a mapping or a sequence.",
            "Quote it if it is meant as text.",
        ),
        (
            "merge-invalid",
            "A YAML merge key (`<<`) has no mapping to merge.",
            "Quote it if it is meant as text.",
        ),
        (
            "alias-recursive",
            "A YAML alias stands inside what it names.",
            "Use `$ref` for a schema that refers to itself.",
        ),
        ("duplicate-key", "A mapping has a key twice.", "Remove or rename one of the two."),
        ("tag-invalid", "A YAML tag has no meaning in JSON.", "Remove the tag."),
        (
            "number-invalid",
            "A number is none that JSON has.",
            "Quote the value if it is meant as text.",
        ),
        (
            "document-empty",
            "There is nothing in the document.",
            "Give an OpenAPI document in YAML or JSON.",
        ),
    ),
    "OpenAPI": (
        (
            "not-openapi",
            "The document is neither an OpenAPI document nor JSON Schema.",
            "Give one: a mapping that starts with `openapi: 3.1.0`, or that has `$schema`.",
        ),
        (
            "openapi-version",
            "This version of OpenAPI is not known.",
            "Use OpenAPI 3.0, 3.1 or 3.2, or Swagger 2.0.",
        ),
    ),
    "Schemas": (
        (
            "nothing-selected",
            "There is no schema, or none that `select` matches.",
            "Correct the globs; `modelgen inspect` lists the names.",
        ),
        (
            "anomaly-denied",
            "The document has an anomaly that `deny` or `--deny` makes an error.",
            "Mend it, or allow its code.",
        ),
        (
            "unknown-anomaly",
            "No anomaly has the code that `deny` or `--deny` gives.",
            "Correct the code; `docs/anomalies.md` lists them.",
        ),
        (
            "unknown-schema",
            "No schema has the name given to `modelgen inspect`.",
            "Correct the name.",
        ),
    ),
    "References": (
        ("ref-invalid", "A `$ref` is not a reference.", "Write a path, `#` and a JSON pointer."),
        ("ref-unresolved", "A `$ref` leads nowhere.", "Correct it."),
        (
            "ref-forbidden",
            "A `$ref` leads to the network, or to a file outside of the document's folder.",
            "Copy the file beside the document, or allow its folder with `--allow-ref-root`.",
        ),
        (
            "ref-chain",
            "A `$ref` leads to a `$ref`, and so on, too many times.",
            "Refer to the schema at the end.",
        ),
        ("duplicate-anchor", "Two schemas have the same `$anchor`.", "Rename one of them."),
    ),
    "Names": (
        (
            "name-clash",
            "Two schemas, or two properties, would have the same Python name.",
            "Give one another name, in `names` of the package's configuration.",
        ),
    ),
    "Configuration": (
        (
            "config-missing",
            "There is no pyproject.toml, or it lacks a table.",
            "Run `modelgen init`, or add the table.",
        ),
        ("config-unreadable", "pyproject.toml cannot be read.", "Check its permissions."),
        ("config-syntax", "pyproject.toml is not valid TOML.", "Check the line that is shown."),
        ("config-unknown-key", "A table has a key that means nothing.", "Correct or remove it."),
        ("config-missing-key", "A table lacks a key.", "Add it."),
        (
            "config-bad-value",
            "A key has a value that it cannot have.",
            "Give one of those that the message names.",
        ),
        (
            "config-path-outside",
            "A file to publish or to fetch is outside the folder of `pyproject.toml`.",
            "Put it into that folder, and not as a symbolic link.",
        ),
        (
            "config-bad-name",
            "A package, module, variant, source or class cannot have this name.",
            "Choose another one.",
        ),
        (
            "init-input",
            "`modelgen init` finds no document, or several.",
            "Name it: `modelgen init INPUT`.",
        ),
        (
            "init-refused",
            "A table cannot be added to this pyproject.toml.",
            "Write it by hand; the message has an example.",
        ),
    ),
    "Output": (
        (
            "would-overwrite",
            "A file stands in the way that `modelgen` did not write.",
            "Move it, or choose another folder.",
        ),
        (
            "output-manifest",
            "The list of generated files, `.modelgen.json`, is damaged.",
            "Restore it, or remove the whole folder.",
        ),
        ("output-disk-full", "There is no space left.", "Free some space."),
        ("output-not-writable", "There is no permission to write.", "Choose another folder."),
        (
            "output-not-a-folder",
            "A file stands where a folder is needed.",
            "Choose another folder.",
        ),
        (
            "output-failed",
            "The package cannot be written for another reason.",
            "The message has the system's words.",
        ),
    ),
    "Variants": (
        (
            "reconcile-nothing",
            "No package has a map.",
            "Add `reconcile = …`, the path of the map, to a package with variants.",
        ),
        (
            "reconcile-map",
            "The map cannot be understood, or contradicts itself.",
            "See [the map](reconcile.md).",
        ),
        (
            "reconcile-undecided",
            "The map does not say what becomes of a property, value or schema.",
            "Decide it; `modelgen reconcile --suggest` drafts entries.",
        ),
        (
            "reconcile-types",
            "The types that the map brings together do not fit.",
            "Map the values, or drop the field with a reason.",
        ),
        (
            "reconcile-law",
            "A conversion breaks a law that holds for every map.",
            "The payload that shows it is the smallest one. Mend the line of the map; what no line explains is a defect of the generator.",
        ),
        (
            "convert-package",
            "There is no generated package that converts, or it cannot be imported.",
            "Run `modelgen generate` for a package with `reconcile`.",
        ),
        (
            "convert-name",
            "The package has no such variant or family.",
            "Use one that the message names.",
        ),
        (
            "convert-json",
            "The input is not JSON, or cannot be unpacked.",
            "Give a JSON document or JSON Lines.",
        ),
        (
            "convert",
            "One payload cannot be converted; the others were.",
            "Correct it, or name its variant with `--from`.",
        ),
    ),
    "Sources and the lock file": (
        ("unknown-source", "No source has this name.", "Use a name in `[tool.modelgen.sources]`."),
        (
            "fetch-not-written",
            "A fetched document cannot be kept.",
            "Check the path, its permissions and the space on the disk.",
        ),
        (
            "lock-damaged",
            "`modelgen.lock` cannot be read.",
            "Restore it, or remove it and run `modelgen fetch`.",
        ),
        (
            "source-select",
            "A source selects components or operations that its document does not have.",
            "Correct `select` or `operations` of the source.",
        ),
        (
            "source-older",
            "A source gives a version that is older than the one in use, by its day or by its own number.",
            "Wait, or remove the source from `modelgen.lock` to go back.",
        ),
        ("lock-missing", "`modelgen.lock` does not have a source.", "Run `modelgen fetch`."),
        (
            "lock-outdated",
            "`modelgen.lock` has a source from another URL.",
            "Run `modelgen fetch`.",
        ),
        (
            "lock-mismatch",
            "A document is not the one in `modelgen.lock`.",
            "Restore it, or run `modelgen fetch` to take what is upstream now.",
        ),
    ),
    "Building": (
        ("build-nothing", "No package has a `[distribution]` table.", "Add one."),
        (
            "build-out-of-date",
            "The package on disk is not what its documents give.",
            "Run `modelgen generate`.",
        ),
        (
            "build-version",
            "The document's version gives no version of a distribution.",
            "Use a date, as 2026-08-21, or numbers, as 1.4.0.",
        ),
        (
            "build-tools-missing",
            "What builds a wheel is not installed.",
            "Run `pip install 'openapi-modelgen[build]'`.",
        ),
        ("build-failed", "The build backend failed.", "The message has its words."),
    ),
    "Comparing": (
        (
            "baseline-invalid",
            "A baseline is not as it should be.",
            "Correct it, or write it anew with `--write-baseline`.",
        ),
    ),
    "Code that uses a package": (
        ("code-no-folder", "The folder of code does not exist.", "Check the path."),
        (
            "code-no-variant",
            "No package with a map has these variants.",
            "Use names of `variants`, and configure `reconcile`.",
        ),
        (
            "code-not-checked",
            "The type checker could not read the code at all.",
            "Mend or leave out the file that it names.",
        ),
        (
            "code-library",
            "What reads code is not installed.",
            "Run `pip install 'openapi-modelgen[migrate]'`.",
        ),
    ),
    "The program itself": (
        ("system", "The operating system refused something.", "The message has its words."),
        ("internal", "A bug of `modelgen`.", "Report it, with what `--debug` prints."),
    ),
}

CODES: Mapping[str, ErrorCode] = {
    code: ErrorCode(code, subject, meaning, remedy)
    for subject, rows in _ROWS.items()
    for code, meaning, remedy in rows
}
