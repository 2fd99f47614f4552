(function () {
  var form = document.getElementById("search"), box = document.getElementById("words"), found = document.getElementById("found");
  var entries = [].slice.call(document.querySelectorAll("details.entry")), headings = document.querySelectorAll(".page > h3");
  function open() {
    var entry = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (entry && entry.tagName === "DETAILS") { entry.hidden = false; entry.open = true; entry.scrollIntoView(); }
  }
  function search() {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    entries.forEach(function (entry) {
      var text = entry.dataset.words.toLowerCase();
      entry.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
      if (!entry.hidden) { count += 1; }
    });
    headings.forEach(function (heading) { heading.hidden = words.length > 0; });
    found.textContent = words.length ? count + " found" : "";
  }
  form.hidden = false;
  box.addEventListener("input", search);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  addEventListener("hashchange", open);
  open();
})();
