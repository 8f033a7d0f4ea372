# What the test database has beyond Request Tracker's own: a queue, its custom fields, two users with tokens.
use strict;
use warnings;

our @Queues = ({ Name => 'Deliveries', Description => 'Delivery exceptions', CorrespondAddress => '', CommentAddress => '' });

# ExternalKey: task key with its episode; TaskKey: the same without, so that a lost ledger can be rebuilt.
our @CustomFields = map {
    { Name => $_, Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket', Queue => ['Deliveries'] }
} qw(ExternalKey TaskKey Kind Severity Role OrderNo Customer Promised LastScan);
push @CustomFields, { Name => 'Details', Type => 'TextSingle', LookupType => 'RT::Queue-RT::Ticket', Queue => ['Deliveries'] };

# Approval: what people set; we only read it.
push @CustomFields, {
    Name => 'Approval', Type => 'SelectSingle', LookupType => 'RT::Queue-RT::Ticket', Queue => ['Deliveries'],
    Values => [{ Name => 'approved' }],
};

our @Users = map { { Name => $_, Password => "$_-1A-deliveries", Privileged => 1 } } qw(quayside mei);

my @rights = qw(
    SeeQueue ShowTicket CreateTicket ModifyTicket CommentOnTicket ReplyToTicket ShowTicketComments OwnTicket
    SeeCustomField ModifyCustomField SetInitialCustomField
);
our @ACL = map { my $user = $_; map { { UserId => $user, Right => $_, Queue => 'Deliveries' } } @rights } qw(quayside mei);

our @Final = (sub {
    for my $name (qw(quayside mei)) {
        my $user = RT::User->new(RT->SystemUser);
        $user->Load($name);
        my ($ok, $message, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->Id, Description => 'REST2');
        die $message unless $ok;
        print "TOKEN $name $token\n";
    }
});

1;
