// A program which links Cornu beside protobuf's full runtime and messages of TensorFlow's names, and even of Cornu's:
// it must start, both must work, and each must read what the other writes.
#include <cornu/cornu.h>
#include <cornu/io/tensorboard/event_reader.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cornu/io/tensorboard/proto/event.pb.h"
#include "event.pb.h"

namespace tensorboard = cornu::io::tensorboard;

namespace {

void expect(bool right, const char* what) {
  if (right) return;
  std::cerr << "proto_clash: " << what << '\n';
  std::exit(1);
}

/// The data of the second record; a record is a length, its checksum, the data, their checksum.
std::string second_record(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string data;
  for (int i = 0; i < 2; ++i) {
    std::uint64_t length = 0;
    std::uint32_t checksum = 0;
    in.read(reinterpret_cast<char*>(&length), sizeof length);
    in.read(reinterpret_cast<char*>(&checksum), sizeof checksum);
    expect(in.good() && length < 10'000, "the file has no two records");
    data.resize(length);
    in.read(data.data(), static_cast<std::streamsize>(length));
    in.read(reinterpret_cast<char*>(&checksum), sizeof checksum);
  }
  expect(in.good(), "the file has no two records");
  return data;
}

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / ("cornu-proto-clash-" + std::to_string(::getpid()));
  tensorboard::SummaryWriter writer(folder);
  writer.scalar("loss", 0.5, 3);
  writer.close();

  tensorflow::Event event;
  expect(event.ParseFromString(second_record(writer.path())), "TensorFlow's message cannot be parsed");
  expect(event.step() == 3 && event.summary().value_size() == 1, "TensorFlow's message has another content");
  const auto& value = event.summary().value(0);
  expect(value.tag() == "loss" && value.metadata().plugin_data().plugin_name() == "scalars",
         "TensorFlow's message has another tag");
  expect(value.tensor().dtype() == tensorflow::DT_FLOAT && value.tensor().tensor_content().size() == 4,
         "TensorFlow's message has another tensor");
  expect(event.DebugString().find("plugin_name: \"scalars\"") != std::string::npos,
         "TensorFlow's message has no descriptor");

  cornu_tensorboard::Event own;
  own.set_another("text");
  own.add_thing(7);
  cornu_tensorboard::Event back;
  expect(back.ParseFromString(own.SerializeAsString()) && back.another() == "text" && back.thing(0) == 7,
         "the program's own message is not its own");
  expect(back.GetDescriptor()->full_name() == "cornu_tensorboard.Event", "the program's own message has no descriptor");

  tensorboard::EventReader reader(writer.path());
  expect(reader.next().has_value() && reader.next()->summaries.at(0).tag == "loss", "Cornu does not read its own file");
  std::filesystem::remove_all(folder);
  std::cout << "two sets of messages in one program\n";
  return 0;
}
