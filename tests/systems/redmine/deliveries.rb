# What the test database has beyond Redmine's own: its default data, three projects, custom fields, two users with keys.
Redmine::DefaultData::Loader.load('en')
Setting.rest_api_enabled = '1'
Setting.login_required = '0' # as it comes: whoever has a wrong key is served as anonymous

tracker = Tracker.find_by!(name: 'Support')
opened = lambda do |name, is_public|
  Project.create!(
    name: name, identifier: name.downcase, is_public: is_public, enabled_module_names: %w[issue_tracking],
    trackers: [tracker]
  )
end
deliveries = opened.call('Deliveries', true)
claims = opened.call('Claims', true)
management = opened.call('Management', false)

# ExternalKey: task key with its episode; TaskKey: the same without, by which a lost ledger is rebuilt.
%w[ExternalKey TaskKey Kind Severity Role OrderNo Customer Promised LastScan].each do |name|
  IssueCustomField.create!(
    name: name, field_format: 'string', is_filter: name == 'TaskKey', trackers: [tracker], projects: [deliveries, claims]
  )
end
# Approval: what people set; we only read it.
IssueCustomField.create!(
  name: 'Approval', field_format: 'list', possible_values: %w[approved], trackers: [tracker], projects: [deliveries, claims]
)
# Region: what the project has, and another tracker than ours.
IssueCustomField.create!(
  name: 'Region', field_format: 'string', trackers: [Tracker.find_by!(name: 'Bug')], projects: [deliveries]
)

# Settled: a status that closes, and to which no workflow leads.
IssueStatus.create!(name: 'Settled', is_closed: true)

manager = Role.find_by!(name: 'Manager')
integration = Role.create!(
  name: 'Integration', permissions: %i[view_issues add_issues edit_issues add_issue_notes], issues_visibility: 'all'
)
integration.copy_workflow_rules(manager)

person = lambda do |login, firstname, lastname|
  user = User.new(firstname: firstname, lastname: lastname, mail: "#{login}@quayside.test", admin: login == 'root')
  user.login = login
  user.password = user.password_confirmation = "#{login}-1A-deliveries"
  user.save!
  puts "KEY #{login} #{user.api_key}"
  user
end
mei = person.call('mei', 'Mei', 'Lin')
quayside = person.call('quayside', 'Quay', 'Side')
person.call('root', 'Redmine', 'Root')
[deliveries, claims].each do |project|
  Member.create!(project: project, principal: quayside, roles: [integration])
end
[deliveries, claims, management].each do |project|
  Member.create!(project: project, principal: mei, roles: [manager])
end
