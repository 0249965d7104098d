"use strict";
// Filters the start page's cards and keeps the search in the address. Without this script the
// list is whole, under headings with links to them.
(() => {
  const find = (id) => document.getElementById(id);
  const [search, facets, query, found, said] = ["search", "facets", "query", "found", "said"].map(find);
  const names = [...new Set([...facets.querySelectorAll("input")].map((box) => box.name))];

  // æøå, accents and their spellings without: one form, in what is sought and where
  const plain = (text) =>
    text
      .toLowerCase()
      .replace(/æ/g, "ae")
      .replace(/ø/g, "o")
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .replace(/oe/g, "o")
      .replace(/aa/g, "a")
      .replace(/ae/g, "a");

  const cards = [...document.querySelectorAll(".card")].map((card) => ({
    card,
    text: plain(card.dataset.search),
    values: Object.fromEntries(names.map((name) => [name, card.dataset[name].split(" ")])),
  }));

  // endings fall off longer words, so that one form of a word finds another
  const stem = (word) => (word.length > 5 ? word.replace(/(ene|ane|er|ar|en|et|s|e)$/, "") : word);

  // a compound may stand as its parts
  const holds = (text, word) => {
    if (text.includes(word)) return true;
    for (let at = 4; at <= word.length - 4; at += 1) {
      if (text.includes(word.slice(0, at)) && text.includes(word.slice(at))) return true;
    }
    return false;
  };

  const chosen = (name) =>
    [...facets.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);

  const fits = (values, wanted) => !wanted.length || wanted.some((value) => values.includes(value));

  const asked = (wanted) => {
    const every = new URLSearchParams();
    if (query.value.trim()) every.set("q", query.value.trim());
    for (const name of names) wanted[name].forEach((value) => every.append(name, value));
    const text = every.toString();
    return text && `?${text}`;
  };

  const show = (count, address) => {
    const told = `${count} ${count === 1 ? found.dataset.one : found.dataset.many}`;
    const twin = document.querySelector(".switch");
    twin.setAttribute("href", twin.getAttribute("href").split("?")[0] + address);
    found.textContent = told;
    find("nothing").hidden = count > 0 || !cards.length;
    find("reset").hidden = !address;
    const chosen = facets.querySelectorAll("input:checked").length;
    find("chosen").textContent = chosen ? `${chosen} ${find("chosen").dataset.word}` : "";
    return count ? told : find("nothing").textContent;
  };

  // browsers let an address change only so often, and a voice should not stumble over each letter
  let soon;
  const settle = (told, address) => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      said.textContent = told;
      if (address !== location.search) history.replaceState(null, "", location.pathname + address);
    }, 300);
  };

  const apply = () => {
    const words = plain(query.value).split(/\s+/).filter(Boolean).map(stem);
    const wanted = Object.fromEntries(names.map((name) => [name, chosen(name)]));
    let count = 0;
    for (const each of cards) {
      const shown =
        words.every((word) => holds(each.text, word)) &&
        names.every((name) => fits(each.values[name], wanted[name]));
      each.card.hidden = !shown;
      count += shown;
    }
    for (const group of document.querySelectorAll(".group")) {
      const left = group.querySelectorAll(".card:not([hidden])").length;
      group.hidden = !left;
      group.querySelector("h3 small").textContent = left;
    }
    const address = asked(wanted);
    settle(show(count, address), address);
  };

  const start = new URLSearchParams(location.search);
  query.value = start.get("q") ?? "";
  for (const box of facets.querySelectorAll("input")) {
    box.checked = start.getAll(box.name).includes(box.value);
  }

  search.hidden = false;
  facets.hidden = false;
  if (find("groups")) find("groups").hidden = true;
  facets.querySelector("details").open = matchMedia("(min-width: 60rem)").matches;
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    found.focus();
  });
  query.addEventListener("input", apply);
  facets.addEventListener("change", apply);
  facets.addEventListener("reset", () => {
    query.value = "";
    setTimeout(() => {
      apply();
      query.focus();
    });
  });
  apply();
})();
