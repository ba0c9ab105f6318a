// A path without a file's ending is a page of the app, which index.html draws. It runs for the site alone: an error of the
// API stays an error.
function handler(event) {
  var request = event.request;
  if (request.uri.lastIndexOf('.') <= request.uri.lastIndexOf('/')) {
    request.uri = '/index.html';
  }
  return request;
}
