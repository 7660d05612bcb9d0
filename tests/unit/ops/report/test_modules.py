"""Bundling of JavaScript modules into one script; unsupported forms are refused."""

from pathlib import Path

import pytest

from ops.report import modules


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(modules, "FOLDER", tmp_path)
    return tmp_path


def test_every_module_is_included_once_after_its_imports(folder: Path) -> None:
    (folder / "a.js").write_text('import { b } from "./b.js";\nimport * as c from "./deep/c.js";\nb(c.one);\n')
    (folder / "b.js").write_text('import { one as first } from "./deep/c.js";\nexport function b() { return first; }\n')
    (folder / "deep").mkdir()
    (folder / "deep" / "c.js").write_text(
        "const x=1,y=2;export{x as one,y as default};\n/*! licence */\n//# sourceMappingURL=c.js.map\n"
    )
    script = modules.script("a.js")
    assert script.index("module_deep_c_js = ") < script.index("module_b_js = ") < script.index("module_a_js = ")
    assert script.count("const x=1,y=2;") == 1
    assert "return { one: x };" in script
    assert "const { one: first } = module_deep_c_js;" in script
    assert "const c = module_deep_c_js;" in script
    assert "sourceMappingURL" not in script
    assert "/*! licence */" in script


def test_constants_functions_and_classes_are_exported(folder: Path) -> None:
    (folder / "a.js").write_text(
        "export const one = 1;\nexport async function two() {}\nexport class Three {}\nexport let four;\n"
    )
    script = modules.script("a.js")
    assert "return { one: one, two: two, Three: Three, four: four };" in script
    assert "export" not in script


@pytest.mark.parametrize(
    "source",
    ['import it from "./b.js";\n', 'import "./b.js";\n', "export default 7;\n", 'export * from "./b.js";\n'],
)
def test_unknown_form_of_import_is_refused(folder: Path, source: str) -> None:
    (folder / "a.js").write_text(source)
    (folder / "b.js").write_text("")
    with pytest.raises(ValueError, match=r"a\.js"):
        modules.script("a.js")


def test_circular_import_is_refused(folder: Path) -> None:
    (folder / "a.js").write_text('import { b } from "./b.js";\n')
    (folder / "b.js").write_text('import { a } from "./a.js";\n')
    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        modules.script("a.js")


def test_script_of_the_report_is_complete() -> None:
    script = modules.script("report.js")
    for module in ("report", "graph", "timeline", "details", "summary", "vendor_dagre_dagre_esm"):
        assert f"const module_{module}_js = " in script
    assert "Chris Pettitt" in script or "LEGAL" in script
    assert "</script" not in script.lower()
