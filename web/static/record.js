// On a record's page: a slider over the entries that touched it. Without scripts the list of entries does the same.
const links = [...document.querySelectorAll("#touched a")];
const list = document.getElementById("touched");

if (links.length > 1) {
	const here = links.findIndex((a) => a.hasAttribute("aria-current"));
	const slider = Object.assign(document.createElement("input"), {
		type: "range", min: "0", max: String(links.length - 1), step: "1",
		value: String(here < 0 ? links.length - 1 : here), className: "slider",
	});
	const said = document.createElement("output");
	const say = () => {
		const line = links[slider.value].parentElement.textContent.replace(/\s+/g, " ").trim();
		said.textContent = line;
		slider.setAttribute("aria-valuetext", line);
	};

	slider.setAttribute("aria-labelledby", "history");
	slider.addEventListener("input", say);
	slider.addEventListener("change", () => {
		const last = Number(slider.value) === links.length - 1;
		location.assign(last ? location.pathname + "#history" : links[slider.value].href + "#history");
	});
	say();
	list.before(slider, said);
}
