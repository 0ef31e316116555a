#pragma once

#include <map>
#include <memory>
#include <string>

#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct RemoteMonitorConfig {
  std::string root = "http://localhost:9000";  ///< of the server
  std::string path = "/publish/epoch/end/";
  std::string field = "data";                       ///< of the form that holds the JSON, without `send_as_json`
  std::map<std::string, std::string> headers = {};  ///< more headers of HTTP
  bool send_as_json = false;                        ///< the JSON alone, as application/json
  using positional = Positions<&RemoteMonitorConfig::root>;
  std::shared_ptr<Callback> make() const;
};

/// Sends each epoch's figures to a server (Keras' RemoteMonitor): a POST of `{"epoch": 0, "loss": 0.5, …}`, as a field
/// of a form or by itself. If the server cannot be reached within ten seconds, or refuses, there is a warning and the
/// training goes on.
///
///     callbacks::RemoteMonitor("http://localhost:9000", {.send_as_json = true})
using RemoteMonitor = Handle<Callback, RemoteMonitorConfig>;

}  // namespace cornu::keras::callbacks
