// Applies the chosen theme and language before the first paint. A file of its own, because the content
// security policy allows no inline script.
(function () {
  try {
    var theme = localStorage.getItem("onus.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    var language = localStorage.getItem("onus.language");
    if (!language) language = (navigator.language || "en").toLowerCase().indexOf("ko") === 0 ? "ko" : "en";
    document.documentElement.lang = language;
  } catch {
    // Storage may be forbidden; the defaults are fine then.
  }
})();
