#include "cornu/keras/callbacks/remote_monitor.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmath>
#include <iostream>
#include <thread>

#include "tests/keras/expect_error.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Answers one request and keeps it.
class Server {
 public:
  explicit Server(std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(socket_, 1) != 0)
      ADD_FAILURE() << "no socket";
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer] {
      const int connection = ::accept(socket_, nullptr, nullptr);
      char bytes[4096];
      for (ssize_t n; !whole() && (n = ::read(connection, bytes, sizeof bytes)) > 0;)
        request_.append(bytes, static_cast<std::size_t>(n));
      if (::write(connection, answer.data(), answer.size()) < 0) request_ += " (no answer)";
      ::close(connection);
    });
  }
  ~Server() {
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
  }
  std::string root() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string request() {
    thread_.join();
    return request_;
  }

 private:
  bool whole() const {
    const std::size_t head = request_.find("\r\n\r\n"), at = request_.find("Content-Length: ");
    return head != std::string::npos && at != std::string::npos &&
           request_.size() >= head + 4 + std::stoul(request_.substr(at + 16));
  }
  int socket_, port_ = 0;
  std::string request_;
  std::thread thread_;
};

TEST(RemoteMonitor, PostsAFieldOfAForm) {
  Server server;
  RemoteMonitor(server.root())->on_epoch_end(3, {{"loss", 0.5}, {"a b", 1}});
  const std::string request = server.request();
  EXPECT_THAT(request, StartsWith("POST /publish/epoch/end/ HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\n\r\ndata=%7B%22epoch%22%3A3%2C%22loss%22%3A0.5%2C%22a+b%22%3A1.0%7D"));
}

TEST(RemoteMonitor, PostsJson) {
  Server server;
  RemoteMonitor(
      {.root = server.root(), .path = "/here", .headers = {{"Authorization", "Bearer x"}}, .send_as_json = true})
      ->on_epoch_end(0, {{"loss", NAN}});
  const std::string request = server.request();
  EXPECT_THAT(request, StartsWith("POST /here HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("Authorization: Bearer x\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\n\r\n{\"epoch\":0,\"loss\":NaN}"));
}

TEST(RemoteMonitor, WarnsIfNobodyTakesIt) {
  const std::string root = "http://127.0.0.1:1";
  const tests::CapturedStream errors(std::cerr);
  RemoteMonitor(root)->on_epoch_end(0, {});
  EXPECT_THAT(errors.text(), StartsWith("Warning: Could not reach RemoteMonitor root server at " + root + ": "));
  Server server("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  RemoteMonitor(server.root())->on_epoch_end(0, {});
  EXPECT_THAT(errors.text(), HasSubstr("500"));
}

TEST(RemoteMonitor, NeedsARoot) {
  EXPECT_EQ(tests::error_text<ValueError>([] { RemoteMonitor(""); }), "RemoteMonitor: root is empty");
}

}  // namespace
}  // namespace cornu::keras::callbacks
