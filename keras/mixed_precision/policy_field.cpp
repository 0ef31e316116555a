#include "cornu/keras/mixed_precision/policy_field.h"

#include "cornu/keras/field_value.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::mixed_precision {
namespace {

/// A policy as an object in a file.
class PolicyObject final : public Object {
 public:
  static Registry<PolicyObject>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  void fields(ConfigVisitor& v) override { v("name", name); }
  std::string name;
};

Registry<PolicyObject>& PolicyObject::registry() {
  static Registry<PolicyObject> registry("dtype policy", {.module = "keras"});
  static const bool added = registry.add<PolicyObject>("DTypePolicy", {"Policy"});  // Keras 2's name
  (void)added;
  return registry;
}

class PolicySlot final : public ObjectSlot {
 public:
  explicit PolicySlot(std::string& policy) : policy_(policy) { object_.name = policy; }
  const AnyRegistry& registry() const override { return PolicyObject::registry(); }
  const Object* get() const override { return &object_; }
  void set(std::shared_ptr<Object> object) override {
    policy_ = object ? std::static_pointer_cast<PolicyObject>(object)->name : "";
  }
  void set_name(const std::string& name) override { policy_ = name; }

 private:
  std::string& policy_;
  PolicyObject object_;
};

}  // namespace

void policy_field(ConfigVisitor& v, std::string_view name, std::string& policy, const FieldForm& form) {
  using Purpose = ConfigVisitor::Purpose;
  if (v.purpose() != Purpose::read && policy.empty()) policy = "float32";
  if (v.purpose() == Purpose::read || v.purpose() == Purpose::write_keras3) {
    PolicySlot slot(policy);
    v.visit({name, form}, &slot);
  } else {
    v(name, policy, form);
  }
}

}  // namespace cornu::keras::mixed_precision
