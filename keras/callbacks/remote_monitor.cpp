#include "cornu/keras/callbacks/remote_monitor.h"

#include "cornu/io/download/post.h"
#include "cornu/keras/saving/internal/json_text.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::callbacks {
namespace {

class RemoteMonitorCallback final : public Callback {
 public:
  explicit RemoteMonitorCallback(RemoteMonitorConfig config) : config_(std::move(config)) {
    graph::require<ValueError>(!config_.root.empty(), "RemoteMonitor: root is empty");
  }

  void on_epoch_end(int epoch, const Logs& logs) override {
    saving::internal::Json figures{{"epoch", epoch}};
    for (const auto& [name, value] : logs) figures[name] = value;
    const std::string json = saving::internal::write_json(figures, true);
    try {
      if (config_.send_as_json)
        io::download::post(config_.root + config_.path, json, {.headers = config_.headers});
      else
        io::download::post(config_.root + config_.path,
                           io::download::form_encoded(config_.field) + '=' + io::download::form_encoded(json),
                           {.content_type = "application/x-www-form-urlencoded", .headers = config_.headers});
    } catch (const graph::IoError& e) {
      utils::warn(graph::message("Could not reach RemoteMonitor root server at ", config_.root, ": ", e.what()));
    }
  }

 private:
  RemoteMonitorConfig config_;
};

}  // namespace

std::shared_ptr<Callback> RemoteMonitorConfig::make() const { return std::make_shared<RemoteMonitorCallback>(*this); }

}  // namespace cornu::keras::callbacks
