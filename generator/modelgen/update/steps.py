"""The steps of `modelgen update`, in their order. If one fails, every file is as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias

from .. import pipeline
from ..diff.changelog import changelog
from ..diff.changes import Comparison
from ..diff.markdown import code, escaped
from ..diff.report_markdown import LIMIT, rendered
from ..diff.run import Options, compare
from ..disk.replace import replace_files
from ..errors import SpecError
from ..loader import Document, Documents, load, load_bytes, load_data, parse
from ..project import config, fetch, lock
from ..project.config import Config, Package, Source
from ..project.inside import inside
from ..project.jobs import Job, from_here, of_package
from ..reconcile.suggest import Draft, drafts
from . import variant, words
from .pull_request import Decision, PullRequest, listed

Progress: TypeAlias = Callable[[str], None]
Drafted: TypeAlias = Callable[[Sequence[Draft]], str]


@dataclass(slots=True)
class _Notes:
    """What the text of the pull request is made of."""

    decisions: list[Decision] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    proofs: list[tuple[str, bool]] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _News:
    """New facts of a source, and what is made of them: the job and, of its parts, the index."""

    source: Source
    path: Path
    old: lock.Pin
    new: lock.Pin
    before: bytes
    job: Job
    index: int

    @property
    def overlays(self) -> tuple[str, ...]:
        return self.job.overlays[self.index]

    @property
    def package(self) -> Package:
        return self.job.package.alone(self.job.package.parts[self.index])


def update(
    settings: Config,
    name: str | None,
    private: bool,
    today: date,
    progress: Progress,
    drafted: Drafted,
) -> PullRequest | None:
    """Bring everything up to what upstream publishes; None if that is what there is. Raises SpecError."""
    notes = _Notes()
    pins = lock.read(settings.path.with_name(lock.NAME))
    with _files(settings) as files:
        sources = fetch.chosen(settings, name)
        brought = fetch.fetch(settings, name, private, today, progress)
        changed = [
            (source, item)
            for source, item in zip(sources, brought, strict=True)
            if item.before != item.sha256
        ]
        if not changed:
            files.restore()
            return None
        now = lock.read(settings.path.with_name(lock.NAME))
        packages: set[str] = set()
        for source, item in changed:
            old, new = pins.get(source.name), now[source.name]
            notes.done.append(_taken(source, item, new))
            before = files.before[item.path]
            uses = list(_uses(settings, item.path))
            packages |= {job.package.name for job, _ in uses}
            if old is None or before is None:
                notes.titles.append(f"{source.name}: {new.date}, for the first time")
                continue
            notes.titles.append(f"{source.name}: {_from_to(old.date, new.date)}")
            for job, index in uses:
                progress(f"comparing {item.path.as_posix()}")
                news = _News(source, item.path, old, new, before, job, index)
                _use(news, settings, files, notes)
        again = config.load(settings.path)
        jobs = [job for job in _jobs(again) if job.package.name in packages]
        made = [(job, _generated(job, notes, progress, drafted)) for job in jobs]
        _prove_lock(again, notes)
        for job, package in made:
            _write(job, package, notes)
    return _request(notes)


def _taken(source: Source, item: fetch.Brought, pin: lock.Pin) -> str:
    version = f"version {escaped(pin.version)}, " if pin.version else ""
    return (
        f"{code(item.path.as_posix())} is what is taken of {escaped(source.url)}: {version}{pin.date}, "
        f"{pin.size:,} bytes, sha256 {pin.sha256[:12]}."
    )


# --- what the facts change ------------------------------------------------------------------------


def _use(news: _News, settings: Config, files: _Files, notes: _Notes) -> None:
    """Bring what is made from facts up to them: as the same variant, or as another one."""
    old = load_bytes(news.path.as_posix(), news.before, news.overlays)
    facts = parse(news.path.as_posix(), news.path.read_bytes())
    overlays = [load_data(path) for path in news.overlays]
    trimmed = {
        path: words.trimmed(facts, overlays[: index + 1], Path(path).read_text(encoding="utf-8"))
        for index, path in enumerate(news.overlays)
    }
    files.write({Path(path): each.text.encode() for path, each in trimmed.items()})
    new = load(news.path.as_posix(), overlays=news.overlays)
    compared = _compared(old, new, news.package, settings)
    notes.comparisons.append(_is_named(news, compared))
    others = variant.other_names(compared)
    text = settings.path.read_text(encoding="utf-8")
    part = news.job.package.parts[news.index]
    names = news.source.name, news.job.package.name, part.name
    if others and part.name and variant.has_tables(text, *names):
        shown, is_redated = _as_another(news, settings, files, notes, others, trimmed)
    else:
        if others:
            notes.decisions.append(
                Decision(
                    f"These names mean something else now: {listed(others)}. Say whether package "
                    f"{code(news.job.package.name)} may follow, or becomes a package with variants."
                )
            )
        shown, is_redated = {}, _as_the_same(news, files, notes)
    _note_words(news, trimmed, shown, old, new, notes)
    version = news.new.date if is_redated else compared.new_version
    _note_version(news, compared, version, notes)
    _write_changelog(news, compared, settings, files, notes)


def _compared(old: Documents, new: Documents, package: Package, settings: Config) -> Comparison:
    chosen = Options(settings=settings.diff, packages=(package, package))
    return compare(old, new, chosen).comparison


def _is_named(news: _News, compared: Comparison) -> Comparison:
    """The comparison with the days of its two sides, which have one name."""
    path = news.path.as_posix()
    return replace(compared, old=f"{path} of {news.old.date}", new=news.new.date)


def _as_the_same(news: _News, files: _Files, notes: _Notes) -> bool:
    """The variant moved on: what says its date says the new one. Whether that is the version of the document."""
    is_redated = False
    part = news.job.package.parts[news.index]
    old, new = news.old.date, news.new.date
    for path in news.overlays:
        overlay = load_data(path)
        dates = words.versions_in(overlay, old)
        is_redated |= bool(dates)
        _redate(files, path, overlay, dates, old, new)
    if news.job.map and part.name:
        map_ = load_data(news.job.map)
        if words.value(map_.data, ("variants", part.name)) == old:
            _redate(files, news.job.map, map_, (f"/variants/{part.name}",), old, new)
    what = f"variant {code(part.name)}" if part.name else f"package {code(news.job.package.name)}"
    notes.done.append(f"The {what} moved on: every name of it still means what it did.")
    return is_redated


def _redate(
    files: _Files, path: str, document: Document, pointers: Sequence[str], old: str, new: str
) -> None:
    if pointers and old != new:
        text = Path(path).read_text(encoding="utf-8")
        files.write({Path(path): words.dated(text, document, pointers, old, new).encode()})


def _as_another(
    news: _News,
    settings: Config,
    files: _Files,
    notes: _Notes,
    others: Sequence[str],
    trimmed: dict[str, words.Trimmed],
) -> tuple[dict[str, str], bool]:
    """Names mean something else: the old variant stays as it was, and another one stands beside it. What its overlays are
    called, by the old ones; and whether they say the version of the document."""
    job, part, day = news.job, news.job.package.parts[news.index], news.new.date
    name = variant.new_name(day)
    base = settings.path.parent
    paths = {part.input: variant.new_path(part.input, day)}
    is_redated = False
    contents: dict[Path, bytes] = {
        inside(settings.path, paths[part.input], "input"): news.path.read_bytes(),
        news.path: news.before,
    }
    for written, path in zip(part.overlays, news.overlays, strict=True):
        paths[written] = variant.new_path(written, day)
        overlay = load_data(path)
        dates = words.versions_in(overlay, news.old.date)
        is_redated |= bool(dates)
        text = words.dated(trimmed[path].text, overlay, dates, news.old.date, day)
        contents[Path(from_here(base, paths[written]))] = text.encode()
        contents[Path(path)] = trimmed[path].before.encode()
    text = settings.path.read_text(encoding="utf-8")
    contents[settings.path] = variant.configured(
        text, news.source.name, job.package.name, part.name, paths, name
    ).encode()
    if job.map:
        map_ = Path(job.map).read_text(encoding="utf-8")
        contents[Path(job.map)] = variant.mapped(map_, part.name, name, day).encode()
    files.write(contents)
    notes.done.append(
        f"Another variant, {code(name)}, made from {listed(tuple(paths.values()))}, stands beside "
        f"{code(part.name)}, which is as it was. These names mean something else: {listed(others)}."
    )
    notes.decisions.append(
        Decision(f"Keep the name {code(name)} for the new variant, or give it a better one.")
    )
    base_paths = zip(news.overlays, part.overlays, strict=True)
    return {path: from_here(base, paths[written]) for path, written in base_paths}, is_redated


def _note_words(
    news: _News,
    trimmed: dict[str, words.Trimmed],
    shown: dict[str, str],
    old: Documents,
    new: Documents,
    notes: _Notes,
) -> None:
    """What overlays lost, and what has no words yet where the words are ours."""
    for path, each in trimmed.items():
        if each.gone:
            targets = listed([action.target for action in each.gone])
            notes.done.append(
                f"{code(shown.get(path, path))}: taken out, as they select nothing now: {targets}."
            )
        for action in each.kept:
            at = action.at("target")
            notes.decisions.append(
                Decision(f"{code(str(at))} selects nothing now: correct it or take it out.")
            )
    if news.source.prose or not trimmed:
        return
    known = words.undescribed(old.root.data)
    bare = [path for path in words.undescribed(new.root.data) if path not in known]
    if bare:
        draft = "".join(f'- target: {path}\n  update:\n    description: ""\n' for path in bare)
        into = code(shown.get(news.overlays[-1], news.overlays[-1]))
        notes.decisions.append(
            Decision(f"Describe what is new, in {into}.", draft=draft, count=len(bare))
        )


def _note_version(news: _News, compared: Comparison, version: str, notes: _Notes) -> None:
    name = code(news.job.package.name)
    was, now = (escaped(each) for each in (compared.old_version, version))
    if was == now:
        notes.done.append(
            f"The documents of {name} still say version {now}: a new package of it has the next build "
            f"number. For its users it is a {compared.bump} version."
        )
    else:
        notes.done.append(f"Version of {name}: {was} to {now}. For its users: {compared.bump}.")


def _write_changelog(
    news: _News, compared: Comparison, settings: Config, files: _Files, notes: _Notes
) -> None:
    distribution = news.job.package.distribution
    lines = list(changelog(compared))
    if distribution is None or not distribution.changelog or not lines:
        return
    path = inside(settings.path, distribution.changelog, "changelog")
    text = path.read_text(encoding="utf-8") if path.is_file() else "# Changelog\n\n"
    head, mark, rest = text.partition("\n## ")
    section = "\n".join((f"\n## {news.new.date}", "", *lines)).rstrip() + "\n"
    files.write({path: (head.rstrip("\n") + "\n" + section + (mark and f"{mark}{rest}")).encode()})
    notes.done.append(f"{code(path.as_posix())} says what changes for users.")


# --- generating -----------------------------------------------------------------------------------


def _generated(
    job: Job, notes: _Notes, progress: Progress, drafted: Drafted
) -> pipeline.Generated | None:
    """A package; None if its map does not decide everything yet."""
    map_ = load_data(job.map) if job.map else None
    if map_ is not None and not _is_decided(job, notes, drafted):
        return None
    made, again = (pipeline.generate(_read(job), job.package, progress, map_) for _ in range(2))
    is_same = dict(made.files) == dict(again.files)
    notes.proofs.append((f"{code(job.package.name)} is generated twice the same.", is_same))
    return made


def _is_decided(job: Job, notes: _Notes, drafted: Drafted) -> bool:
    text = ""
    try:
        resolution, faults = pipeline.reconcile(_read(job), job.package, load_data(job.map))
        text = drafted(drafts(resolution))
    except SpecError as error:
        faults = error.diagnostics
        if not all(fault.code.startswith("reconcile-") for fault in faults):
            raise
    notes.proofs.append((f"The map {code(job.map)} decides everything.", not faults))
    if not faults:
        return True
    details = tuple(fault.message for fault in faults)
    what = f"Decide in {code(job.map)} what is new."
    if text:
        what += " Drafts, best guess first, are below."
    notes.decisions.append(Decision(what, details, text, len(faults)))
    return False


def _write(job: Job, package: pipeline.Generated | None, notes: _Notes) -> None:
    folder = code(job.folder.as_posix())
    if package is None:
        notes.done.append(f"{folder} is as it was, until its map decides everything.")
        return
    changes = package.files.write(job.folder)
    notes.done.append(
        f"{folder}: files added: {len(changes.added)}, changed: {len(changes.changed)}, "
        f"removed: {len(changes.stale)}."
    )


def _read(job: Job) -> tuple[Documents, ...]:
    return tuple(
        load(
            source,
            ref_roots=job.ref_roots,
            ref_hosts=job.package.ref_hosts,
            overlays=overlays,
        )
        for source, overlays in zip(job.sources, job.overlays, strict=True)
    )


def _prove_lock(settings: Config, notes: _Notes) -> None:
    try:
        fetch.verify(settings, None)
        held = True
    except SpecError:
        held = False
    notes.proofs.append((f"What is kept is what {code(lock.NAME)} says.", held))


def _request(notes: _Notes) -> PullRequest:
    limit = LIMIT // 2 // max(1, len(notes.comparisons))
    return PullRequest(
        title="; ".join(notes.titles),
        decisions=tuple(notes.decisions),
        done=tuple(notes.done),
        proofs=tuple(notes.proofs),
        changes="\n".join(rendered(each, limit) for each in notes.comparisons),
    )


# --- files ----------------------------------------------------------------------------------------


class _Files:
    """Files that are written, and what they were `before`; None where there was none."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.before = {path: _content(path) for path in paths}

    def write(self, contents: Mapping[Path, bytes]) -> None:
        for path in contents:
            if path not in self.before:
                self.before[path] = _content(path)
        replace_files(contents)

    def restore(self) -> None:
        """Make every file what it was."""
        changed = {path: old for path, old in self.before.items() if _content(path) != old}
        replace_files({path: old for path, old in changed.items() if old is not None})
        for path in changed:
            if changed[path] is None:
                path.unlink(missing_ok=True)


@contextmanager
def _files(settings: Config) -> Iterator[_Files]:
    """What is written inside is undone if that fails."""
    sources = (fetch.path_of(settings, source) for source in settings.sources)
    files = _Files((settings.path.with_name(lock.NAME), settings.path, *sources))
    try:
        yield files
    except BaseException:
        files.restore()
        raise


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _jobs(settings: Config) -> list[Job]:
    return [of_package(package, settings.path.parent) for package in settings.packages]


def _uses(settings: Config, path: Path) -> Iterator[tuple[Job, int]]:
    """The packages that are made from a document, each with the index of the part that is."""
    for job in _jobs(settings):
        for index, source in enumerate(job.sources):
            if Path(source).resolve() == path.resolve():
                yield job, index


def _from_to(old: str, new: str) -> str:
    return f"{old} to {new}" if old != new else f"{new} again"
